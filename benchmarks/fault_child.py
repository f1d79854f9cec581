"""One build of a small folder by many small commits, for benchmarks/fault_index.py to kill or to starve."""

from __future__ import annotations

import sys
from unittest.mock import patch

import index.batch
import index.dense.publishing
import index.looks
import index.views
from benchmarks.bag_encoder import BagEncoder
from corpus.errors import CitespanError
from corpus.settings import ChunkSettings
from index import build
from index.builder import BuildSettings
from index.commits import Change
from index.dense.plan import Sizes
from index.engines.embedded import EmbeddedEngine

SMALL_PASSAGES = ChunkSettings(target=16, overlap=4, maximum=24, sentence=12)
"""Some ten passages an article, and sixty of the long one."""


def make_small() -> None:
    """Let everything happen that happens to a large index: folds, merges, waiting vectors, files known by looks."""
    index.batch.PASSAGES_A_BATCH = 12
    index.dense.publishing.SIZES = Sizes(whole=40, exact=400, fold=40, graph=100, largest=400, growth=2)
    index.looks.SETTLED_NS = -1
    index.views.LEVEL_EVERY = 0.05


def main() -> int:
    """Build FOLDER into INDEX and say after each commit that it is done; exit code 3 for an error told in one line."""
    folder, directory, pause = sys.argv[1:4]
    make_small()
    commit = EmbeddedEngine.change

    def told(self: EmbeddedEngine, change: Change, *, soon: bool = False) -> None:
        """Commit, and let the parent know what is committed now."""
        commit(self, change, soon=soon)
        print(self.generation(), flush=True)

    print("ready", flush=True)
    try:
        settings = BuildSettings(passages=SMALL_PASSAGES)
        with patch.object(EmbeddedEngine, "change", told):
            report = build([folder], directory, encoder=BagEncoder(pause=float(pause)), settings=settings)
    except CitespanError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 3
    print(f"done {report.passages_embedded}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
