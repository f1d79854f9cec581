"""A real `citespan serve` for the benchmarks of the page: its own process, its address, and the memory it holds."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = Path("eval/sets/sample.jsonl")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a process that are in memory."""

    resident: int
    anonymous: int
    """Without the pages of files, which the system takes back where it needs them."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and which process."""

    address: str
    process_id: int

    def memory(self) -> Memory:
        """What it holds now, as Linux counts it."""
        lines = Path(f"/proc/{self.process_id}/status").read_text(encoding="utf-8").splitlines()
        held = {
            line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("VmRSS", "RssAnon"))
        }
        return Memory(held["VmRSS"], held["RssAnon"])

    def processor_seconds(self) -> float:
        """What it has computed so far."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


@contextmanager
def serving(index: Path, *options: str) -> Iterator[Server]:
    """Serve an index on a free port; stopped as by Ctrl-C."""
    call = [sys.executable, "-m", "qa.cli", "serve", "--index", str(index), "--port", "0", *options]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("Citespan is at "):
                raise RuntimeError(f"the server did not start: {line!r}")
            yield Server(line.split()[3], process.pid)
        finally:
            process.send_signal(signal.SIGINT)


def read_questions(path: Path = QUESTIONS) -> list[str]:
    """The questions of an evaluation set."""
    return [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]
