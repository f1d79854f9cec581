"""`python -m benchmarks.soak --seconds 300 --readers 24`: readers asking while a writer adds, rewrites and removes.

Readers are threads in a few processes, as `citespan serve` has them. An answer is stale when it shows an article in a
version that a commit had replaced or removed before the question was asked. Prints answers, errors, stale answers and
how long questions took; exit code 1 for an error, a stale answer or a question that took more than a second.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROCESSES = 4
LONGEST = 1.0
"""Seconds that a question may take."""


@dataclass(frozen=True, slots=True)
class Soak:
    """What came of a run; times in seconds."""

    answers: int
    commits: int
    errors: tuple[str, ...]
    stale: int
    median: float
    slow: float
    """The 99th percentile."""
    longest: float


def soak(seconds: float, readers: int, work: Path) -> Soak:
    """Run one writer and `readers` readers for so many seconds; raises CalledProcessError when the writer fails."""
    directory, written, stop = work / "index", work / "written", work / "stop"
    processes = min(PROCESSES, readers)
    shares = [readers // processes + (number < readers % processes) for number in range(processes)]
    logs = [work / f"read{number}" for number in range(processes)]
    with ExitStack() as running:
        running.callback(stop.touch)
        writer = running.enter_context(_started("write", work / "articles", directory, written, stop))
        asking = [
            running.enter_context(_started("read", directory, log, stop, share))
            for log, share in zip(logs, shares, strict=True)
        ]
        time.sleep(seconds)
        stop.touch()
        for process in (*asking, writer):
            if process.wait() != 0:
                raise subprocess.CalledProcessError(process.returncode, process.args)
    return judge(_rows(written), [row for log in logs for row in _rows(log)])


def judge(commits: list[dict[str, Any]], answers: list[dict[str, Any]]) -> Soak:
    """Hold every answer against the commits that were done before its question was asked."""
    ends: dict[tuple[str, int], float] = {}
    current: dict[str, int] = {}
    for commit in commits:
        for document in (*commit["set"], *commit["gone"]):
            if document in current:
                ends[document, current.pop(document)] = commit["at"]
        current |= commit["set"]
    good = [row for row in answers if "error" not in row]
    stale = sum(
        any(ends.get((document, version), row["at"]) < row["at"] for document, version in row["shown"]) for row in good
    )
    took = sorted(row["took"] for row in answers)
    return Soak(
        answers=len(good),
        commits=len(commits),
        errors=tuple(row["error"] for row in answers if "error" in row),
        stale=stale,
        median=took[len(took) // 2],
        slow=took[int(0.99 * len(took))],
        longest=took[-1],
    )


def _started(*words: object) -> subprocess.Popen[str]:
    """A worker that has said that it is ready."""
    call = [sys.executable, "-m", "benchmarks.soak_worker", *map(str, words)]
    process = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or not process.stdout.readline():
        raise subprocess.CalledProcessError(process.wait(), call)
    return process


def _rows(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def main() -> int:
    """Run; exit code 1 when something was not as it must be."""
    call = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    call.add_argument("--seconds", type=float, default=300.0)
    call.add_argument("--readers", type=int, default=24)
    given = call.parse_args()
    with tempfile.TemporaryDirectory() as work:
        found = soak(given.seconds, given.readers, Path(work))
    print(f"{found.answers} answers to {given.readers} readers, {found.commits} commits meanwhile")
    print(f"{len(found.errors)} errors, {found.stale} stale answers")
    print(f"questions took {1000 * found.median:.0f} ms (p50), {1000 * found.slow:.0f} ms (p99), ", end="")
    print(f"{1000 * found.longest:.0f} ms at most")
    for error in sorted(set(found.errors))[:10]:
        print(f"  {error}")
    return 1 if found.errors or found.stale or found.longest > LONGEST else 0


if __name__ == "__main__":
    raise SystemExit(main())
