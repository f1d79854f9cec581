"""`citespan build`: brings an index up to date with articles, and tells what became of each."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from corpus.loaders.columns import DEFAULT_COLUMNS
from index import build
from index.builder import BuildSettings
from index.encoder import open_encoder
from index.types import BuildProgress, BuildReport
from qa.engine_choice import milvus_place
from qa.filling import fill
from qa.phrasing import plural
from qa.screen import plain

_LISTED = 20


def run(call: argparse.Namespace) -> int:
    """Build, and print what became of each article; then bring Milvus level, if asked to."""
    place = milvus_place(call)
    build_and_report(call, call.index, BuildSettings(everywhere=call.prune, columns=call.columns or DEFAULT_COLUMNS))
    if place is not None:
        print(fill([call.index], place, prune=True))
    return 0


def build_and_report(call: argparse.Namespace, directory: Path, settings: BuildSettings) -> None:
    """Bring the index at `directory` level with the call's paths, and print what became of each."""
    started = time.perf_counter()
    with tqdm(desc="reading", unit="file", disable=not sys.stderr.isatty()) as bar:

        def show(progress: BuildProgress) -> None:
            bar.total = progress.total
            bar.set_postfix_str(f"{plural(progress.passages_embedded, 'passage')} embedded", refresh=False)
            bar.update(progress.done - bar.n)

        def announce(gone: Sequence[str]) -> None:
            lines = _listed("removing, as the file is gone:", gone, call.verbose)
            bar.write("\n".join(lines), file=sys.stderr)

        report = build(
            call.paths,
            directory,
            encoder=open_encoder(call.encoder),
            settings=settings,
            progress=show,
            announce=announce,
        )
    print(draw_report(report, seconds=time.perf_counter() - started, verbose=call.verbose))


def draw_report(report: BuildReport, *, seconds: float, verbose: bool) -> str:
    """Draw the report for a person; long lists are cut unless `verbose`."""
    lines = [
        *_listed("added", report.added, verbose),
        *_listed("updated", report.updated, verbose),
        *_listed("unchanged", report.unchanged, verbose),
        *_listed("removed", report.removed, verbose),
        *_listed("refused", [f"{refusal.source}: {refusal.reason}" for refusal in report.refused], verbose),
        *_of_the_folder(report),
        f"{plural(report.passages_embedded, 'passage')} embedded in {seconds:.1f} s, generation {report.generation}",
    ]
    return "\n".join(lines)


def _of_the_folder(report: BuildReport) -> list[str]:
    """Tell what only the folder as a whole shows."""
    recut = f"cut anew {len(report.recut):,}, as lines of them repeat across the folder, or no longer do"
    copied = f"copies {report.copies:,}, each read in the article that tells the same story"
    return [*([recut] if report.recut else []), *([copied] if report.copies else [])]


def _listed(what: str, entries: Sequence[str], verbose: bool) -> list[str]:
    """List what befell these articles; what did not change is only counted."""
    if not entries:
        return []
    head = f"{what} {len(entries):,}"
    room = len(entries) if verbose else 0 if what == "unchanged" else _LISTED
    shown = [f"  {plain(entry)}" for entry in entries[:room]]
    left = len(entries) - len(shown)
    more = [f"  and {left:,} more (--verbose lists all)"] if shown and left else []
    return [head, *shown, *more]
