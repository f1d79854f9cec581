"""What a build takes that finds ten files changed among very many; every document is a file of one passage.

The whole of `index.build` is timed: looking at every file, reading the changed ones, cutting them, the transaction and
the views. The encoder is one that costs nothing worth counting (benchmarks/bag_encoder.py).
"""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path
from typing import Any

from benchmarks.bag_encoder import BagEncoder
from benchmarks.scale_base import read_base
from benchmarks.scale_data import Grower
from index import build

CHANGED = 10
ROUNDS = 5
A_FOLDER = 1000
SEED = 0
SETTLED = 3.0
"""Seconds after which the looks of new files are believed (`index.looks`)."""


def measure_change(documents: int, work: Path) -> dict[str, Any]:
    """Make so many files and their index in `work` unless they are there, then change ten and build, several times."""
    folder, directory = work / f"articles-{documents}", work / f"index-of-articles-{documents}"
    grower = Grower(read_base(work), SEED)
    encoder = BagEncoder(384)
    if not directory.exists():
        shutil.rmtree(folder, ignore_errors=True)
        for number in range(documents):
            _write(folder, grower, number, 0)
    time.sleep(SETTLED)
    build([folder], directory, encoder=encoder)
    times = []
    chance = random.Random(time.time_ns())
    for _ in range(ROUNDS):
        for number in chance.sample(range(documents), CHANGED):
            _write(folder, grower, number, chance.randrange(1, 2**31))
        time.sleep(SETTLED)
        begun = time.perf_counter()
        report = build([folder], directory, encoder=encoder)
        times.append(time.perf_counter() - begun)
        if len(report.updated) != CHANGED:
            raise ValueError(f"{len(report.updated)} documents were updated, {CHANGED} were changed")
    return {"documents": documents, "changed": CHANGED, "seconds": sorted(times)}


def _write(folder: Path, grower: Grower, number: int, version: int) -> None:
    path = folder / f"{number // A_FOLDER:04}" / f"{number:07}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    document = grower.document(number, version=version, at_most=1).document
    path.write_text(document.text + "\n", encoding="utf-8")
