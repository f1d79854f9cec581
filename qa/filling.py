"""Bringing Milvus, or an index in a folder, level with indexes on this machine, told to a person."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from index.engines.milvus.place import MilvusPlace
from index.joining import JoinReport, join
from qa.phrasing import plural

if TYPE_CHECKING:
    from index.leveling import LevelReport


def fill(directories: Sequence[Path], place: MilvusPlace, *, prune: bool) -> str:
    """Bring into Milvus what is missing; returns what was done, in one line."""
    from index.leveling import level  # needs the extra, which those who build into a folder do without

    started = time.perf_counter()
    with _bar() as show:
        report = level(directories, place, prune=prune, progress=show)
    return draw_level(report, place, time.perf_counter() - started)


def fill_folder(directories: Sequence[Path], directory: Path, *, prune: bool) -> str:
    """Bring into the index at `directory` what is missing; returns what was done, in one line or two."""
    started = time.perf_counter()
    with _bar() as show:
        report = join(directories, directory, prune=prune, progress=show)
    return draw_join(report, directory, time.perf_counter() - started)


def draw_level(report: LevelReport, place: MilvusPlace, seconds: float) -> str:
    """Draw the report for a person."""
    told = _counted(report)
    return f"{place.name} at {place.shown}: {told}; {plural(report.passages, 'passage')} written in {seconds:.1f} s"


def draw_join(report: JoinReport, directory: Path, seconds: float) -> str:
    """Draw the report for a person."""
    written = f"{plural(report.passages, 'passage')} written in {seconds:.1f} s, generation {report.generation}"
    lines = [f"{directory}: {_counted(report)}; {written}"]
    if report.recut:
        why = "as lines of them repeat across the shards, or no longer do"
        lines.append(f"cut anew {report.recut:,}, {why}; {plural(report.embedded, 'passage')} embedded for it")
    return "\n".join(lines)


def _counted(report: LevelReport | JoinReport) -> str:
    parts = [("added", report.added), ("updated", report.updated), ("unchanged", report.unchanged)]
    parts.append(("removed", report.removed))
    return ", ".join(f"{what} {count:,}" for what, count in parts if count) or "nothing to bring in"


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar for a person who watches, moved on by telling it how much is done, of how much."""
    with tqdm(desc="loading", unit="passage", disable=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
