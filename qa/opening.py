"""The pipeline that a call of the command line asks for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qa.filters.types import Filters
from qa.pipeline import Pipeline, PipelineSettings


def open_pipeline(call: argparse.Namespace, directory: Path | None = None) -> Pipeline:
    """Open the call's index, or another, and its reader.

    What holds of every confidence is said on standard error before the first answer.
    """
    filters = Filters(call.since, call.until, call.source)
    settings = PipelineSettings(precision=call.precision, filters=filters)
    pipeline = Pipeline.load(directory or call.index, reader=call.reader, settings=settings)
    if pipeline.note is not None:
        say_note(pipeline.note)
    return pipeline


def say_note(note: str) -> None:
    """Tell a person something beside the answer: one line on standard error."""
    sys.stderr.write(f"citespan: note: {note}\n")
