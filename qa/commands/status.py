"""`citespan status`: what the index holds, and whether every view beside the truth is sound."""

from __future__ import annotations

import argparse
import dataclasses
import json

from index import check, status
from index.types import CheckReport, Damage, IndexStatus, ViewHealth
from qa.phrasing import plural
from qa.screen import plain


def run(call: argparse.Namespace) -> int:
    """Print the status; with --check, read everything through, and return 1 when something is damaged."""
    report = check(call.index) if call.check else None
    found = status(call.index)
    if call.json:
        checked = dataclasses.asdict(report) if report is not None else {}
        print(json.dumps({**dataclasses.asdict(found), **checked}, ensure_ascii=False))
    else:
        print("\n".join([draw_status(found), *(draw_check(report) if report is not None else [])]))
    return 1 if report is not None and report.damage else 0


def draw_status(status: IndexStatus) -> str:
    """Draw the status for a person."""
    lines = [
        f"index       {status.directory}",
        f"holds       {plural(status.documents, 'article')}, {plural(status.passages, 'passage')}",
        f"encoder     {status.encoder} ({status.dimension} dimensions)",
        f"generation  {status.generation}",
        f"truth       {size(status.truth_bytes)}",
        *(_view(view, status) for view in status.views),
    ]
    return "\n".join(lines)


def draw_check(report: CheckReport) -> list[str]:
    """Draw what a check found, a line each."""
    if not report.damage:
        behind = f"; not level with the truth yet: {', '.join(report.behind)}" if report.behind else ""
        return [f"checked     every hash, count, reference and stamp {'there is ' if behind else ''}holds{behind}"]
    views = any(fault.part != "truth" for fault in report.damage)
    cure = ["`citespan repair` writes the views anew from the truth"] if views else []
    if any(fault.document is not None for fault in report.damage):
        cure.append("`citespan build` with an article's file reads it anew")
    return [*(_damage(fault) for fault in report.damage), *cure]


def _damage(fault: Damage) -> str:
    where = f"article {fault.document} ({fault.source}): " if fault.document is not None else ""
    return f"damaged     {plain(f'{fault.part}: {where}{fault.what}')}"


def _view(view: ViewHealth, status: IndexStatus) -> str:
    if view.ok:
        return f"{view.name:<11} {size(view.bytes)}, sound"
    if (view.generation, view.count) == (status.generation, status.passages):
        return f"{view.name:<11} damaged: the next build or question writes it anew"
    generation = "none" if view.generation is None else str(view.generation)
    count = "unknown" if view.count is None else plural(view.count, "passage")
    return f"{view.name:<11} stale (generation {generation}, {count}): the next build or question brings it up to date"


def size(count: int) -> str:
    """Write a number of bytes for a person: "812 B", "1.4 MB"."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
