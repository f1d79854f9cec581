"""`citespan status`: what the index holds, and whether every view beside the truth is sound."""

from __future__ import annotations

import argparse
import dataclasses
import json

from index import status
from index.types import IndexStatus, ViewHealth
from qa.phrasing import plural


def run(call: argparse.Namespace) -> int:
    """Print the status."""
    found = status(call.index)
    print(json.dumps(dataclasses.asdict(found), ensure_ascii=False) if call.json else draw_status(found))
    return 0


def draw_status(status: IndexStatus) -> str:
    """Draw the status for a person."""
    lines = [
        f"index       {status.directory}",
        f"holds       {plural(status.documents, 'article')}, {plural(status.passages, 'passage')}",
        f"encoder     {status.encoder} ({status.dimension} dimensions)",
        f"generation  {status.generation}",
        f"truth       {size(status.truth_bytes)}",
        *(_view(view) for view in status.views),
    ]
    return "\n".join(lines)


def _view(view: ViewHealth) -> str:
    if view.ok:
        return f"{view.name:<11} {size(view.bytes)}, sound"
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
