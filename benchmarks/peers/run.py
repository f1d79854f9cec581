"""A run in two parts, building and asking, the systems taking turns; what is done is kept, so a stopped run goes on."""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.peers.driver import Worker
from benchmarks.peers.material import Material
from benchmarks.peers.systems import PEERS, Place

BLOCK = 512
"""Passages a turn while building."""
WARM_UP = 3


class Record:
    """A JSONL file of what was measured."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.rows: list[dict[str, Any]] = [json.loads(line) for line in lines]

    def add(self, row: Mapping[str, Any]) -> None:
        """Keep a row at once."""
        self.rows.append(dict(row))
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def keep(self, rows: Iterable[dict[str, Any]]) -> None:
        """Drop all rows but these."""
        self.rows = list(rows)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows)
        self._path.write_text(text, encoding="utf-8")


def build_all(place: Place, environments: Path, material: Material, seed: int, *, timed: bool) -> None:
    """Every system indexes the passages, block by block, who goes first being drawn for each block.

    Where it is not `timed`, only that it is done and what memory it took is kept.
    """
    record = Record(place.work / "build.jsonl")
    done = {row["system"] for row in record.rows if row["what"] == "finish"}
    record.keep(row for row in record.rows if row["system"] in done)
    names = [name for name, peer in PEERS.items() if peer.built_by is None and name not in done]
    draws = random.Random(seed)
    with ExitStack() as stack:
        workers = {}
        for name in names:
            shutil.rmtree(place.index(name), ignore_errors=True)
            place.index(name).mkdir(parents=True)
            command = place.command(name, environments)
            workers[name] = stack.enter_context(Worker(command, place.work / f"{name}.log"))
        for number, block in enumerate(material.blocks(BLOCK)):
            for name in draws.sample(names, len(names)):
                _, taken = workers[name].told({"do": "add", "passages": block})
                if timed:
                    record.add({"system": name, "what": "add", "block": number, "passages": len(block), "ms": taken})
            print(f"block {number + 1} of {len(material.blocks(BLOCK))}", file=sys.stderr)
        for name in names:
            _, taken = workers[name].told({"do": "finish"})
            peak = workers[name].told({"do": "memory"})[0]["peak"]
            row = {"system": name, "what": "finish", "peak": peak}
            record.add(row | {"ms": taken} if timed else row)


def ask_all(place: Place, environments: Path, material: Material, rounds: int, seed: int) -> None:
    """Every system answers every question once a round, in an order drawn for each question."""
    record = Record(place.work / "asked.jsonl")
    done = {(row["round"], row["question"], row["system"]) for row in record.rows if row["what"] == "ask"}
    if len(done) >= rounds * len(material.questions) * len(PEERS):
        return
    draws = random.Random(seed)
    with ExitStack() as stack:
        workers = {}
        for name in PEERS:
            command = place.command(name, environments)
            workers[name] = stack.enter_context(Worker(command, place.work / f"{name}.log"))
            _, taken = workers[name].told({"do": "load"})
            record.add({"system": name, "what": "load", "ms": taken})
            for one in material.questions[-WARM_UP:]:
                workers[name].request({"do": "ask", "question": one.text})
        for number in range(rounds):
            for place_, one in enumerate(material.questions):
                for name in draws.sample(list(PEERS), len(PEERS)):
                    if (number, place_, name) in done:
                        continue
                    reply, taken = workers[name].request({"do": "ask", "question": one.text})
                    row = {"system": name, "what": "ask", "round": number, "question": place_, "ms": taken}
                    record.add(row | reply)
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
        for name, worker in workers.items():
            record.add({"system": name, "what": "memory"} | worker.told({"do": "memory"})[0])
