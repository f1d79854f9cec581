"""How long a shell waits for `citespan ask` and `citespan --help`, and what memory they take.

    python -m benchmarks.cold_start --index sample.index --runs 15 --out runs/page_cold.json

Each run is a process of its own, the two in turns; the first of each is not counted, for it brings the files into the
system's cache. Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

QUESTION = "How many maker spaces are there?"


def one_run(arguments: list[str]) -> dict[str, float]:
    """Seconds of wall clock and of processor, and MB at most, of one call."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "qa.cli", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"citespan {arguments[0]} ended with {process.returncode}")
    return {"wall": taken, "processor": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss * 1024 / 1e6}


def measure(index: Path, runs: int) -> dict[str, Any]:
    """Each call so many times."""
    calls = {"ask": ["ask", QUESTION, "--index", str(index)], "--help": ["--help"]}
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in calls}
    for number in range(runs + 1):
        for name, arguments in calls.items():
            row = one_run(arguments)
            if number:
                rows[name].append(row)
    return {
        "runs": runs,
        "calls": {
            name: {
                what: {"median": median(values), "least": min(values), "most": max(values)}
                for what in own[0]
                for values in [[row[what] for row in own]]
            }
            for name, own in rows.items()
        },
    }


def main() -> int:
    """Measure, print and keep the figures; exit code 0."""
    parser = argparse.ArgumentParser(description="Measure calls of the command line from a cold start.")
    parser.add_argument("--index", type=Path, default=Path("sample.index"))
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--out", type=Path)
    call = parser.parse_args()
    found = measure(call.index, call.runs)
    print(json.dumps(found, indent=1))
    if call.out is not None:
        call.out.parent.mkdir(parents=True, exist_ok=True)
        call.out.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
