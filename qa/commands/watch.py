"""`citespan watch`: keeps an index level with folders of articles until it is interrupted."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from index import build
from index.encoder import open_encoder
from index.types import BuildReport, Encoder
from index.watching import watch
from qa.commands.build import draw_report
from qa.phrasing import plural
from qa.screen import plain


def run(call: argparse.Namespace) -> int:
    """Build once, then again after every change; Ctrl-C ends it well. A first build that fails is an error."""
    encoder = open_encoder(call.encoder)
    try:
        _bring_level(call, encoder, call.paths, first=True)
        print(f"watching {', '.join(plain(str(path)) for path in call.paths)} (Ctrl-C stops)", flush=True)
        watch(call.paths, call.index, partial(_bring_level, call, encoder), _complain)
    except KeyboardInterrupt:
        print("stopped; what was stored stays", flush=True)
    return 0


def _bring_level(call: argparse.Namespace, encoder: Encoder, paths: Sequence[Path], *, first: bool = False) -> None:
    started = time.perf_counter()
    report = build(paths, call.index, encoder=encoder)
    seconds = time.perf_counter() - started
    if first:
        print(draw_report(report, seconds=seconds, verbose=call.verbose), flush=True)
    elif report.added or report.updated or report.removed:
        print(_line(report, seconds), flush=True)


def _line(report: BuildReport, seconds: float) -> str:
    """One line a build, with the names of what changed as far as they fit."""
    parts = [("added", report.added), ("updated", report.updated), ("removed", report.removed)]
    told = "; ".join(f"{what} {_names(sources)}" for what, sources in parts if sources)
    return f"{datetime.now():%H:%M:%S} {told} ({plural(report.passages_embedded, 'passage')} embedded, {seconds:.1f} s)"


def _names(sources: tuple[str, ...]) -> str:
    shown = ", ".join(plain(source) for source in sources[:3])
    return f"{shown} and {len(sources) - 3:,} more" if len(sources) > 3 else shown


def _complain(message: str) -> None:
    line = " ".join(plain(message).split())
    print(f"citespan: {line}; still watching", file=sys.stderr, flush=True)
