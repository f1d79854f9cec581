"""The pipeline that a call of the command line asks for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index.engines.milvus.place import MilvusPlace
from qa.filters.types import Filters
from qa.pipeline import Pipeline, PipelineSettings
from qa.retriever import HybridRetriever


def open_pipeline(call: argparse.Namespace, index: Path | MilvusPlace) -> Pipeline:
    """Open an index and the call's reader.

    What holds of every confidence is said on standard error before the first answer.
    """
    filters = Filters(call.since, call.until, call.source)
    settings = PipelineSettings(precision=call.precision, filters=filters)
    if isinstance(index, MilvusPlace):
        pipeline = Pipeline.over(HybridRetriever.open_place(index), reader=call.reader, settings=settings)
    else:
        pipeline = Pipeline.load(index, reader=call.reader, settings=settings)
    if pipeline.note is not None:
        say_note(pipeline.note)
    return pipeline


def say_note(note: str) -> None:
    """Tell a person something beside the answer: one line on standard error."""
    sys.stderr.write(f"citespan: note: {note}\n")
