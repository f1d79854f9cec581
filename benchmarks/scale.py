"""How an index grows: `python -m benchmarks.scale STEP --work DIR`, each step leaving its figures as JSON in DIR.

    base SETS            encode real passages and questions, of which all is grown (SETS: folders in the BEIR layout)
    build SIZE           grow a collection of SIZE passages and index it: rate, bytes on disk, memory of the build
    measure SIZE         recall against an exact search, then times and memory of a process that serves the index
    change [DOCUMENTS]   what a build takes that finds ten files changed among so many

`python -m benchmarks.scale_page` makes the plots and tables of docs/scale.md of what is in DIR. Embedding is left out
of build times, because it is the encoder's and grows with nothing but the passages that are new; vectors are made as
benchmarks/scale_data.py says. Times are only worth having on a quiet machine; `seconds` of a build are the
processor's, which a busy one changes little.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.scale_base import make_base, read_base
from benchmarks.scale_change import measure_change
from benchmarks.scale_data import Grower
from benchmarks.scale_recall import recall
from corpus.settings import ChunkSettings
from index import open_encoder
from index.batch import PASSAGES_A_BATCH
from index.builder import writing
from index.commits import Change
from index.dense.stamp import read_dense_stamp
from index.layout import LEXICAL, TRUTH, size_of
from index.types import EncodedDocument

ROOT = Path(__file__).parents[1]
SEED = 0

Json = dict[str, Any]


def build_collection(size: int, work: Path) -> Json:
    """Index a collection of `size` passages in `work`/index-SIZE, batch by batch as a build does."""
    directory = work / f"index-{size}"
    shutil.rmtree(directory, ignore_errors=True)
    grower = Grower(read_base(work), SEED)
    clock = _Clock()
    documents = 0
    batch: list[EncodedDocument] = []
    with writing(directory, open_encoder(threads=1), ChunkSettings()) as engine:
        for item in grower.documents(size):
            batch.append(item)
            documents += 1
            if sum(len(entry.passages) for entry in batch) >= PASSAGES_A_BATCH:
                with clock:
                    engine.change(Change(tuple(batch)), soon=True)
                batch.clear()
        with clock:
            engine.change(Change(tuple(batch)), soon=True)
            engine.publish()
    return {
        "passages": size,
        "documents": documents,
        "seconds": clock.processor,
        "wall_seconds": clock.wall,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        **_sizes(directory),
    }


def measure(size: int, work: Path) -> Json:
    """Recall, and what a process that serves needs; that one is started anew, so that its memory is its own."""
    directory = work / f"index-{size}"
    call = [sys.executable, "-m", "benchmarks.scale_serve", str(directory), str(work)]
    served = json.loads(subprocess.run(call, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    return {"passages": size, "recall@10": recall(directory, read_base(work)), "parts": _parts(directory), **served}


class _Clock:
    """Adds up the time spent inside `with` blocks."""

    def __init__(self) -> None:
        self.processor = self.wall = 0.0
        self._begun = (0.0, 0.0)

    def __enter__(self) -> None:
        self._begun = (time.process_time(), time.monotonic())

    def __exit__(self, *_: object) -> None:
        self.processor += time.process_time() - self._begun[0]
        self.wall += time.monotonic() - self._begun[1]


def _sizes(directory: Path) -> Json:
    stamp = read_dense_stamp(directory)
    return {
        "truth_bytes": sum(size_of(directory / f"{TRUTH}{suffix}") for suffix in ("", "-wal")),
        "dense_bytes": sum(size_of(directory / part.file) for part in (stamp.parts if stamp else ())),
        "lexical_bytes": size_of(directory / LEXICAL),
        "parts": _parts(directory),
    }


def _parts(directory: Path) -> list[Json]:
    """What the dense view is made of now."""
    stamp = read_dense_stamp(directory)
    parts = stamp.parts if stamp else ()
    return [{"kind": part.kind, "rows": part.rows, "depth": part.depth} for part in parts]


def main() -> int:
    """Take one step; exit code 0."""
    call = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    call.formatter_class = argparse.RawDescriptionHelpFormatter
    call.add_argument("step", choices=("base", "build", "measure", "change"))
    call.add_argument("what", nargs="?", help="the folder of sets, or a number")
    call.add_argument("--work", type=Path, required=True)
    given = call.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    if given.step == "base":
        make_base(Path(given.what), given.work, SEED)
        return 0
    size = int(given.what or 100_000)
    if given.step == "change":
        found = measure_change(size, given.work)
    else:
        found = (build_collection if given.step == "build" else measure)(size, given.work)
    text = json.dumps(found, indent=1)
    (given.work / f"{given.step}-{size}.json").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
