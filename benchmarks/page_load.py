"""Many people and programs ask one server at once: errors, fairness, latency, and the memory it comes to hold.

    python -m benchmarks.page_load --index sample.index --askers 50 --seconds 300 --out runs/page_load.json

Half of the askers use the page's own queue, with the streams a browser keeps open and a new page after ten questions;
half call `/api/ask`. Each asks different questions, the next as soon as it has an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.page_clients import Told, ask_page, ask_rest
from benchmarks.page_server import Server, read_questions, serving


async def load(server: Server, askers: int, seconds: float) -> tuple[list[Told], list[tuple[float, int]]]:
    """Let them ask; gives what each met, and the memory by time."""
    questions = read_questions()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=server.address, timeout=300, limits=limits) as client:
        begun = time.monotonic()
        until = begun + seconds
        step = max(1, len(questions) // askers)
        calls = [
            (ask_page if number % 2 else ask_rest)(client, questions[number * step :] + questions, until)
            for number in range(askers)
        ]
        memory: list[tuple[float, int]] = []

        async def watch() -> None:
            while True:
                memory.append((time.monotonic() - begun, server.resident()))
                await asyncio.sleep(1)

        watching = asyncio.create_task(watch())
        told = await asyncio.gather(*calls)
        watching.cancel()
    return list(told), memory


def summary(told: Sequence[Told], memory: Sequence[tuple[float, int]]) -> dict[str, Any]:
    """The figures of a run."""
    times, held = np.array([time for time, _ in memory]), np.array([held for _, held in memory]) / 1e6
    settled = times >= times[-1] / 2
    return {
        "kinds": {kind: _of_kind([one for one in told if one.kind == kind]) for kind in ("page", "rest")},
        "errors": [error for one in told for error in one.errors][:20],
        "error_count": sum(len(one.errors) for one in told),
        "seconds": float(times[-1]),
        "memory_mb": {
            "first": float(held[0]),
            "at_half": float(held[settled][0]),
            "last": float(held[-1]),
            "most": float(held.max()),
            "slope_per_minute_second_half": float(60 * np.polyfit(times[settled], held[settled], 1)[0]),
        },
    }


def _of_kind(told: Sequence[Told]) -> dict[str, Any]:
    answers = [len(one.seconds) for one in told]
    seconds = [second for one in told for second in one.seconds]
    first = [second for one in told for second in one.first]
    return {
        "askers": len(told),
        "answers": sum(answers),
        "answers_of_an_asker": {"min": min(answers), "median": float(np.median(answers)), "max": max(answers)},
        "seconds": _quantiles(seconds),
        "first_sign_seconds": _quantiles(first) if first else None,
        "turned_away": sum(one.waited for one in told),
    }


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": float(np.percentile(values, share)) for share in (50, 95, 99)} if values else {}


def main() -> int:
    """Run, print and keep the figures; exit code 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description="Ask a server from many sides at once.")
    parser.add_argument("--index", type=Path, default=Path("sample.index"))
    parser.add_argument("--askers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--out", type=Path)
    call = parser.parse_args()
    with serving(call.index) as server:
        told, memory = asyncio.run(load(server, call.askers, call.seconds))
        found = summary(told, memory) | {"askers": call.askers, "nice": os.nice(0)}
        found["processor_seconds"] = server.processor_seconds()
    print(json.dumps(found, indent=1))
    if call.out is not None:
        call.out.parent.mkdir(parents=True, exist_ok=True)
        call.out.write_text(json.dumps(found | {"memory": memory}), encoding="utf-8")
    return 1 if found["error_count"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
