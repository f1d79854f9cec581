"""One process of benchmarks/soak.py: `write` builds a changing folder again and again, `read` asks by several threads.

Both write a log of JSON lines until the file STOP is there; clocks are CLOCK_MONOTONIC, which all processes share.
"""

from __future__ import annotations

import json
import random
import re
import sys
import threading
import time
from pathlib import Path
from typing import IO

from benchmarks.bag_encoder import BagEncoder
from index import build, hybrid_search, open_index
from index.commits import Change
from index.engines.embedded import EmbeddedEngine

ARTICLES = 300
CHANGED = 12
"""Articles that each build finds changed."""

MARK = re.compile(r"article(\d+) version(\d+)")
WORDS = ("tram", "salt", "gallery", "council", "harbour", "bridge", "library", "orchard", "signal", "ferry")
REOPENED = 50
"""Questions after which a reader opens the index again, as a new process would."""


def write(folder: Path, directory: Path, log: IO[str], stop: Path) -> None:
    """Change the folder and build, until told to stop; say after each commit what it did, and when it was done."""
    folder.mkdir(exist_ok=True)
    chance = random.Random(1)
    versions = dict.fromkeys(range(ARTICLES), 0)
    commit = EmbeddedEngine.change

    def told(self: EmbeddedEngine, change: Change, *, soon: bool = False) -> None:
        commit(self, change, soon=soon)
        done = {item.document.id: int(_mark(item.document.text)[1]) for item in change.items}
        _note(log, {"at": time.monotonic(), "set": done, "gone": list(change.removed)})

    EmbeddedEngine.change = told  # type: ignore[method-assign]  # the log must hold every commit
    for number in versions:
        _write(folder, number, 0, chance)
    first = True
    while first or not stop.exists():
        build([folder], directory, encoder=BagEncoder())
        if first:
            print("ready", flush=True)
            first = False
        for number in chance.sample(sorted(versions), CHANGED):
            versions[number] += 1
            if chance.random() < 0.3:
                (folder / f"{number}.txt").unlink(missing_ok=True)
            else:
                _write(folder, number, versions[number], chance)


def read(directory: Path, log: IO[str], stop: Path, threads: int) -> None:
    """Ask from `threads` threads over one engine; say of each answer when it was asked for and what it showed."""
    engine = open_index(directory)
    guard = threading.Lock()

    def ask(seed: int) -> None:
        chance, encoder, asked = random.Random(seed), BagEncoder(), 0
        own = engine
        while not stop.exists():
            begun = time.monotonic()
            try:
                asked += 1
                if seed % threads == 0 and asked % REOPENED == 0:
                    own = open_index(directory)
                question = f"{chance.choice(WORDS)} article{chance.randrange(ARTICLES)}"
                found = hybrid_search(own, encoder, question, 10)
                shown = [(hit.passage.document_id, int(_mark(hit.passage.text)[1])) for hit in found]
                row = {"at": begun, "took": time.monotonic() - begun, "shown": shown}
            except Exception as error:  # noqa: BLE001  whatever goes wrong is what is looked for
                row = {"at": begun, "took": time.monotonic() - begun, "error": f"{type(error).__name__}: {error}"}
            with guard:
                _note(log, row)

    print("ready", flush=True)
    asking = [threading.Thread(target=ask, args=(seed,)) for seed in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()


def _write(folder: Path, number: int, version: int, chance: random.Random) -> None:
    words = " ".join(chance.choices(WORDS, k=8))
    (folder / f"{number}.txt").write_text(f"On {words}: article{number} version{version}.\n", encoding="utf-8")


def _mark(text: str) -> tuple[str, str]:
    found = MARK.search(text)
    if found is None:
        raise ValueError(f"a passage without its mark: {text!r}")
    return found[1], found[2]


def _note(log: IO[str], row: dict[str, object]) -> None:
    log.write(json.dumps(row) + "\n")


def main() -> int:
    """`write FOLDER INDEX LOG STOP` or `read INDEX LOG STOP THREADS`."""
    what, *given = sys.argv[1:]
    if what == "write":
        folder, directory, log, stop = given
        with Path(log).open("w", encoding="utf-8") as out:
            write(Path(folder), Path(directory), out, Path(stop))
    else:
        directory, log, stop, threads = given
        with Path(log).open("w", encoding="utf-8") as out:
            read(Path(directory), out, Path(stop), int(threads))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
