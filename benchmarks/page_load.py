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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.page_clients import Told, ask_page, ask_rest
from benchmarks.page_server import Memory, Server, read_questions, serving


@dataclass(frozen=True, slots=True)
class Held:
    """The server's memory at a moment, and how many answers it had given by then."""

    time: float
    answers: int
    memory: Memory


async def load(server: Server, askers: int, seconds: float) -> tuple[list[Told], list[Held]]:
    """Let them ask; gives what each met, and the memory by time."""
    questions = read_questions()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    told = [Told("page" if number % 2 else "rest") for number in range(askers)]
    async with httpx.AsyncClient(base_url=server.address, timeout=300, limits=limits) as client:
        begun = time.monotonic()
        until = begun + seconds
        step = max(1, len(questions) // askers)
        calls = [
            (ask_page if one.kind == "page" else ask_rest)(client, questions[number * step :] + questions, until, one)
            for number, one in enumerate(told)
        ]
        held: list[Held] = []

        async def watch() -> None:
            while True:
                answers = sum(len(one.seconds) for one in told)
                held.append(Held(time.monotonic() - begun, answers, server.memory()))
                await asyncio.sleep(1)

        watching = asyncio.create_task(watch())
        await asyncio.gather(*calls)
        watching.cancel()
    return told, held


def summary(told: Sequence[Told], held: Sequence[Held]) -> dict[str, Any]:
    """The figures of a run."""
    return {
        "kinds": {kind: _of_kind([one for one in told if one.kind == kind]) for kind in ("page", "rest")},
        "errors": [error for one in told for error in one.errors][:20],
        "error_count": sum(len(one.errors) for one in told),
        "seconds": held[-1].time,
        "memory_mb": _growth(held, [one.memory.resident for one in held]),
        "anonymous_mb": _growth(held, [one.memory.anonymous for one in held]),
    }


def _growth(held: Sequence[Held], byte_counts: Sequence[int]) -> dict[str, float]:
    """From the start to the end; the slope of the second half by time, and by answers, which a busy machine delays."""
    times, answers = np.array([one.time for one in held]), np.array([one.answers for one in held])
    megabytes = np.array(byte_counts) / 1e6
    settled = answers >= answers[-1] / 2
    return {
        "first": float(megabytes[0]),
        "at_half": float(megabytes[settled][0]),
        "last": float(megabytes[-1]),
        "most": float(megabytes.max()),
        "slope_per_minute_second_half": float(60 * np.polyfit(times[settled], megabytes[settled], 1)[0]),
        "slope_per_100_answers_second_half": float(100 * np.polyfit(answers[settled], megabytes[settled], 1)[0]),
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
        told, held = asyncio.run(load(server, call.askers, call.seconds))
        found = summary(told, held) | {"askers": call.askers, "nice": os.nice(0)}
        found["processor_seconds"] = server.processor_seconds()
    print(json.dumps(found, indent=1))
    if call.out is not None:
        call.out.parent.mkdir(parents=True, exist_ok=True)
        call.out.write_text(json.dumps(found | {"held": [asdict(one) for one in held]}), encoding="utf-8")
    return 1 if found["error_count"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
