"""`python -m benchmarks.fault_index --kills 300 --faults 300`: builds killed at random instants, and failing calls.

Each round changes a folder of articles and builds; the build is killed with SIGKILL after a random time, or one of its
calls of write, fsync, rename or ftruncate fails (no space left, input/output error; once, or from then on). Then the
promises of benchmarks/fault_checks.py are checked, the build is finished and compared with one that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import IO

from benchmarks.fault_checks import BrokenPromiseError, check_after_fault, finish
from benchmarks.fault_child import make_small
from benchmarks.fault_library import Library

ROOT = Path(__file__).parents[1]
SHIM = Path(__file__).with_name("fault_shim.c")
PAUSE = 0.002
FROM_NOTHING = 0.2
"""Share of the rounds that begin without an index."""
PATIENCE = 3600
"""Seconds that a build may take whose calls fail: on a busy machine, where it is also frozen for others, very many."""
TOLD = 3
"""Exit code of a build that failed with one line."""


class Bench:
    """One folder and one index, through many rounds."""

    def __init__(self, work: Path, seed: int) -> None:
        self._work = work
        self._chance = random.Random(seed)
        self._library = Library(work / "articles", seed)
        self._directory = work / "index"
        self._shim: Path | None = None
        self._longest = 0.5
        self.outcomes: Counter[str] = Counter()

    def kill(self) -> None:
        """One round: a build killed at a random instant."""
        self._begin()
        process = self._start({})
        begun = time.monotonic()
        try:
            process.wait(self._chance.uniform(0.0, self._longest))
            self._longest = max(0.9 * self._longest, 0.1)
        except subprocess.TimeoutExpired:
            self._longest = max(self._longest, min(1.5 * (time.monotonic() - begun), 20.0))
            process.send_signal(signal.SIGKILL)
        reached = self._end(process)
        self.outcomes["killed" if process.returncode < 0 else "came to its end before"] += 1
        self._check(reached)

    def fail(self) -> None:
        """One round: a build in which a call of the file system fails."""
        self._begin()
        fault = {
            "FAULT_CALLS": self._chance.choice(["w", "s", "r", "t", "ws", "wsrt"]),
            "FAULT_AT": str(int(10 ** self._chance.uniform(0, 2.7))),
            "FAULT_ERRNO": self._chance.choice(["28", "5"]),
            "FAULT_STAYS": self._chance.choice(["0", "1"]),
        }
        process = self._start({**fault, "LD_PRELOAD": str(self._compiled()), "FAULT_UNDER": str(self._directory)})
        process.wait(PATIENCE)
        reached = self._end(process)
        if process.returncode not in (0, TOLD):
            said = (self._work / "said").read_text(encoding="utf-8")
            raise BrokenPromiseError(f"exit code {process.returncode} under {fault}: {said}")
        self.outcomes["failed with one line" if process.returncode else "ended well"] += 1
        try:
            self._check(reached)
        except BrokenPromiseError as error:
            raise BrokenPromiseError(f"{error}, under {fault}") from error

    def _begin(self) -> None:
        if self._chance.random() < FROM_NOTHING:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._library.forget()
        self._library.change()

    def _check(self, reached: int) -> None:
        check_after_fault(self._directory, self._library, reached)
        anew = self._work / "anew"
        shutil.rmtree(anew, ignore_errors=True)
        finish(self._directory, self._library, anew)
        self._library.settle()

    def _start(self, environment: dict[str, str]) -> subprocess.Popen[str]:
        """The build, at the instant when everything is imported."""
        program = [sys.executable, "-m", "benchmarks.fault_child"]
        with (self._work / "said").open("w") as said:
            process = subprocess.Popen(
                [*program, str(self._library.folder), str(self._directory), str(PAUSE)],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        _lines_of(process).readline()
        return process

    def _end(self, process: subprocess.Popen[str]) -> int:
        """The last generation that the build said was committed."""
        with process:
            lines = _lines_of(process).read().splitlines()
        return max((int(line) for line in lines if line.isdigit()), default=0)

    def _compiled(self) -> Path:
        if self._shim is None:
            self._shim = self._work / "fault_shim.so"
            compiler = shutil.which("cc") or "cc"
            subprocess.run([compiler, "-shared", "-fPIC", "-o", str(self._shim), str(SHIM), "-ldl"], check=True)
        return self._shim


def _lines_of(process: subprocess.Popen[str]) -> IO[str]:
    if process.stdout is None:
        raise ValueError("the build was started without a pipe")
    return process.stdout


def run(kills: int, faults: int, seed: int, work: Path) -> Counter[str]:
    """So many rounds of each kind; raises BrokenPromiseError at the first promise that does not hold."""
    make_small()
    bench = Bench(work, seed)
    for number in range(1, max(kills, faults) + 1):
        if number <= kills:
            bench.kill()
        if number <= faults:
            bench.fail()
        if sys.stderr.isatty() or number % 10 == 0:
            print(f"round {number}: {dict(bench.outcomes)}", file=sys.stderr)
    return bench.outcomes


def main() -> int:
    """Run the rounds asked for; exit code 1 when a promise was broken."""
    call = argparse.ArgumentParser(prog="python -m benchmarks.fault_index", description=__doc__)
    call.add_argument("--kills", type=int, default=300)
    call.add_argument("--faults", type=int, default=300)
    call.add_argument("--seed", type=int, default=0)
    given = call.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        try:
            outcomes = run(given.kills, given.faults, given.seed, Path(work))
        except BrokenPromiseError as error:
            print(f"broken: {error}")
            return 1
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:5} builds {outcome}")
    print(f"every promise held after each, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
