"""Bringing Milvus level with indexes on this machine, told to a person."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from index.engines.milvus.place import MilvusPlace
from index.leveling import LevelReport, level
from qa.phrasing import plural


def fill(directories: Sequence[Path], place: MilvusPlace, *, prune: bool) -> str:
    """Bring in what is missing; returns what was done, in one line."""
    started = time.perf_counter()
    with tqdm(desc="loading", unit="passage", disable=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        report = level(directories, place, prune=prune, progress=show)
    return draw_level(report, place, time.perf_counter() - started)


def draw_level(report: LevelReport, place: MilvusPlace, seconds: float) -> str:
    """Draw the report for a person."""
    parts = [("added", report.added), ("updated", report.updated), ("unchanged", report.unchanged)]
    parts.append(("removed", report.removed))
    told = ", ".join(f"{what} {count:,}" for what, count in parts if count) or "nothing to bring in"
    return f"{place.name} at {place.shown}: {told}; {plural(report.passages, 'passage')} written in {seconds:.1f} s"
