"""How long one asker waits over REST, and what several get through at once.

    python -m benchmarks.page_askers --index sample.index --rounds 3 --seconds 10 --out runs/page_askers.json

One asker and several take turns within one run, so that what else the machine does weighs on both alike.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import numpy as np

from benchmarks.page_clients import Told, ask_rest
from benchmarks.page_server import Server, read_questions, serving


async def measure(server: Server, askers: int, rounds: int, seconds: float) -> dict[str, Any]:
    """Let one ask, then several, and again."""
    questions = read_questions()
    alone: list[float] = []
    rates: list[tuple[float, float]] = []
    errors = answers = 0
    async with httpx.AsyncClient(base_url=server.address, timeout=300) as client:
        await ask_rest(client, questions[-20:], time.monotonic() + min(3.0, seconds), Told("rest"))
        before = server.processor_seconds()
        for number in range(rounds):
            one, took = await _round(client, questions[97 * number :], 1, seconds)
            several, also_took = await _round(client, questions[97 * number :], askers, seconds)
            alone += one[0].seconds
            answers += _answers(one) + _answers(several)
            rates.append((_answers(one) / took, _answers(several) / also_took))
            errors += sum(len(told.errors) + told.waited for told in (*one, *several))
        computed = server.processor_seconds() - before
    ratios = [more / single for single, more in rates]
    return {
        "askers": askers,
        "milliseconds_alone": {f"p{share}": 1000 * float(np.percentile(alone, share)) for share in (50, 95, 99)},
        "answers_alone": len(alone),
        "under_300_ms": float(np.mean(np.array(alone) < 0.3)),
        "answers_a_second": {"one": median(one for one, _ in rates), "several": median(more for _, more in rates)},
        "ratio": {"median": median(ratios), "least": min(ratios), "most": max(ratios)},
        "processor_ms_an_answer": 1000 * computed / answers,
        "errors": errors,
        "nice": os.nice(0),
    }


async def _round(
    client: httpx.AsyncClient, questions: list[str], askers: int, seconds: float
) -> tuple[list[Told], float]:
    begun = time.monotonic()
    told = [Told("rest") for _ in range(askers)]
    calls = [ask_rest(client, questions[11 * at :], begun + seconds, one) for at, one in enumerate(told)]
    await asyncio.gather(*calls)
    return told, time.monotonic() - begun


def _answers(told: list[Told]) -> int:
    return sum(len(one.seconds) for one in told)


def main() -> int:
    """Measure, print and keep the figures; exit code 1 where anything was refused or failed."""
    parser = argparse.ArgumentParser(description="Measure one asker beside several.")
    parser.add_argument("--index", type=Path, default=Path("sample.index"))
    parser.add_argument("--askers", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--out", type=Path)
    call = parser.parse_args()
    with serving(call.index) as server:
        found = asyncio.run(measure(server, call.askers, call.rounds, call.seconds))
    print(json.dumps(found, indent=1))
    if call.out is not None:
        call.out.parent.mkdir(parents=True, exist_ok=True)
        call.out.write_text(json.dumps(found), encoding="utf-8")
    return 1 if found["errors"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
