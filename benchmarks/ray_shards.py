"""Would a runner for Ray be worth an extra? Shards embedded by plain processes and by Ray's tasks, in turns.

    python -m venv RAYVENV && RAYVENV/bin/pip install ray
    python -m benchmarks.ray_shards ARTICLES --ray RAYVENV/bin/python --work DIR --out runs/ray_shards.json

Both call `citespan embed ARTICLES --shard i/n --out DIR` for each shard, so many at once: the first as `xargs -P` or an
array of a scheduler does, the second by `benchmarks/ray_driver.py`. On one machine: what Ray adds when it is started,
and whether its tasks start later, shows there; what it would do on several (place tasks, begin them again) does not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from index import status
from index.shards import Shard

DRIVER = Path(__file__).with_name("ray_driver.py")
ROOT = DRIVER.parents[1]


def commands(articles: Path, shards: int, out: Path) -> list[list[str]]:
    """The calls of the command line that embed all shards."""
    call = [sys.executable, "-m", "qa.cli", "embed", str(articles)]
    return [[*call, "--shard", f"{number}/{shards}", "--out", str(out)] for number in range(1, shards + 1)]


def by_processes(calls: Sequence[list[str]], at_once: int) -> dict[str, float]:
    """Seconds of plain processes, so many at once."""
    run = partial(subprocess.run, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, calls))
    return {"total": time.perf_counter() - begun}


def by_ray(calls: Sequence[list[str]], at_once: int, python: Path) -> dict[str, Any]:
    """Seconds of Ray's tasks, and of what comes before and after them."""
    job = json.dumps({"commands": calls, "at_once": at_once, "folder": str(ROOT)})
    # Ray starts its workers with a niceness of 15: beside other work that would time the scheduler, not Ray.
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    begun = time.perf_counter()
    driver = subprocess.run(
        [str(python), str(DRIVER)], input=job, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    total = time.perf_counter() - begun
    return {"total": total, **json.loads(driver.stdout.splitlines()[-1])}


def embedded(out: Path, shards: int) -> list[int]:
    """How many passages each shard holds."""
    return [status(out / Shard(number, shards).folder).passages for number in range(1, shards + 1)]


def measure(call: argparse.Namespace) -> dict[str, Any]:
    """Both ways in turns, so many rounds; raises RuntimeError where they do not make the same shards."""
    rows: dict[str, list[dict[str, Any]]] = {"processes": [], "ray": []}
    ways: dict[str, Callable[[Sequence[list[str]], int], dict[str, Any]]] = {
        "processes": by_processes,
        "ray": partial(by_ray, python=call.ray),
    }
    held: list[list[int]] = []
    for number in range(call.rounds):
        for name in list(ways) if number % 2 == 0 else list(reversed(ways)):
            out = call.work / f"ray-shards-{name}"
            shutil.rmtree(out, ignore_errors=True)
            rows[name].append(ways[name](commands(call.articles, call.shards, out), call.at_once))
            held.append(embedded(out, call.shards))
            shutil.rmtree(out)
            print(f"round {number + 1}, {name}: {rows[name][-1]['total']:.1f} s", file=sys.stderr)
    if any(one != held[0] for one in held):
        raise RuntimeError(f"not all runs made the same shards: {held}")
    return {"shards": call.shards, "at_once": call.at_once, "passages": held[0], "rows": rows}


def table(measured: dict[str, Any]) -> str:
    """The figures in Markdown: medians, with the least and the most."""
    rows = measured["rows"]
    parts = {name: [row[name] for row in rows["ray"]] for name in ("import", "start", "tasks", "stop")}
    lines = [
        f"{sum(measured['passages']):,} passages in {measured['shards']} shards, {measured['at_once']} at once; "
        f"median of {len(rows['ray'])} rounds (least to most)",
        "",
        "| what | seconds |",
        "|---|---:|",
        f"| plain processes | {_shown([row['total'] for row in rows['processes']])} |",
        f"| Ray, all | {_shown([row['total'] for row in rows['ray']])} |",
        *(f"| Ray, {name} | {_shown(values)} |" for name, values in parts.items()),
        "",
        f"Ray {rows['ray'][0]['version']} and what it needs take {rows['ray'][0]['megabytes']:,.0f} MB on the disk.",
    ]
    return "\n".join(lines)


def _shown(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def main() -> int:
    """Measure, print and keep the figures; exit code 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ray_shards", description="Embed shards by plain processes and by Ray's tasks."
    )
    parser.add_argument("articles", type=Path, metavar="ARTICLES", help="a folder of articles")
    parser.add_argument("--ray", type=Path, required=True, help="the Python of an environment that holds Ray")
    parser.add_argument("--work", type=Path, required=True, help="folder for the shards, which are removed again")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, help="file for the figures as JSON")
    call = parser.parse_args()
    call.articles, call.work, call.ray = call.articles.resolve(), call.work.resolve(), call.ray.absolute()
    call.work.mkdir(parents=True, exist_ok=True)
    measured = measure(call)
    print(table(measured))
    if call.out is not None:
        call.out.parent.mkdir(parents=True, exist_ok=True)
        call.out.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
