"""`citespan load`: brings shards into one index; killed and begun again it loses nothing and does nothing twice."""

from __future__ import annotations

import argparse

from corpus.errors import UsageError
from index.shards import shards_below
from qa.engine_choice import loaded_place
from qa.filling import fill, fill_folder


def run(call: argparse.Namespace) -> int:
    """Load what is missing, and print how much that was."""
    place = loaded_place(call)
    shards = shards_below(call.shards)
    if call.prune and not shards.complete:
        raise UsageError(
            f"--prune needs all {shards.of} shards, {len(shards.folders)} are there: what is in none of them would go"
        )
    if place is None:
        print(fill_folder(shards.folders, call.index, prune=call.prune))
    else:
        print(fill(shards.folders, place, prune=call.prune))
    return 0
