"""`citespan load`: brings shards into Milvus; killed and begun again it loses nothing and does nothing twice."""

from __future__ import annotations

import argparse

from corpus.errors import UsageError
from index.shards import shards_below
from qa.engine_choice import milvus_place
from qa.filling import fill


def run(call: argparse.Namespace) -> int:
    """Load what is missing, and print how much that was."""
    place = milvus_place(call)
    if place is None:
        raise UsageError("load brings shards into Milvus; give --engine milvus --uri ADDRESS")
    shards = shards_below(call.shards)
    if call.prune and not shards.complete:
        raise UsageError(
            f"--prune needs all {shards.of} shards, {len(shards.folders)} are there: what is in none of them would go"
        )
    print(fill(shards.folders, place, prune=call.prune))
    return 0
