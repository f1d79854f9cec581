"""`citespan repair`: the views beside the truth, written anew."""

from __future__ import annotations

import argparse

from index import repair
from qa.phrasing import plural


def run(call: argparse.Namespace) -> int:
    """Repair, and print what the index holds then; a damaged truth is an error that names the articles."""
    found = repair(call.index)
    held = f"{plural(found.documents, 'article')}, {plural(found.passages, 'passage')}"
    print(f"the truth is sound ({held}); both views are written anew, generation {found.generation}")
    return 0
