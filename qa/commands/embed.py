"""`citespan embed`: one machine's share of a folder, read and embedded beside those of other machines."""

from __future__ import annotations

import argparse

from corpus.loaders.columns import DEFAULT_COLUMNS
from index.builder import BuildSettings
from qa.commands.build import build_and_report


def run(call: argparse.Namespace) -> int:
    """Embed the shard, or what is missing of it, and print what became of each article."""
    directory = call.out / call.shard.folder
    build_and_report(call, directory, BuildSettings(shard=call.shard, columns=call.columns or DEFAULT_COLUMNS))
    print(f"shard {call.shard.number} of {call.shard.of} is at {directory}")
    return 0
