"""How long one asker waits over REST, and what several get through at once.

    python -m benchmarks.page_askers --index sample.index --askers 2 4 8 --out runs/page_askers.json

One asker and several take turns within one run, so that what else the machine does weighs on both alike. Of each the
cores that the server used are told: who uses both already cannot be outdone by several.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import numpy as np

from benchmarks.page_clients import Told, ask_rest
from benchmarks.page_server import Server, read_questions, serving


@dataclass(frozen=True, slots=True)
class Round:
    """What some askers got within some seconds, and what the server computed meanwhile."""

    told: tuple[Told, ...]
    took: float
    computed: float

    @property
    def answers(self) -> int:
        """Answers in all."""
        return sum(len(one.seconds) for one in self.told)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.took


async def measure(server: Server, askers: Sequence[int], rounds: int, seconds: float) -> dict[str, Any]:
    """Let one ask, then several, and again."""
    questions = read_questions()
    kept: dict[int, list[Round]] = {number: [] for number in (1, *askers)}
    async with httpx.AsyncClient(base_url=server.address, timeout=300) as client:
        await ask_rest(client, questions[-20:], time.monotonic() + min(3.0, seconds), Told("rest"))
        for number in range(rounds):
            for at_once, own in kept.items():
                own.append(await _round(client, server, questions[97 * number :], at_once, seconds))
    alone = np.array([waited for one in kept[1] for waited in one.told[0].seconds])
    return {
        "milliseconds_alone": {f"p{share}": 1000 * float(np.percentile(alone, share)) for share in (50, 95, 99)},
        "answers_alone": len(alone),
        "under_300_ms": float(np.mean(alone < 0.3)),
        "askers": [_figures(number, own, kept[1]) for number, own in kept.items()],
        "errors": sum(len(told.errors) + told.waited for own in kept.values() for one in own for told in one.told),
        "nice": os.nice(0),
        "machine_cores": len(os.sched_getaffinity(0)),
    }


def _figures(askers: int, rounds: Sequence[Round], alone: Sequence[Round]) -> dict[str, Any]:
    """Of so many askers: answers a second, the server's processor time, and how many times as many answers as alone."""
    ratios = [more.rate / single.rate for more, single in zip(rounds, alone, strict=True)]
    computed = sum(one.computed for one in rounds)
    return {
        "askers": askers,
        "answers_a_second": median(one.rate for one in rounds),
        "ratio": {"median": median(ratios), "least": min(ratios), "most": max(ratios)},
        "processor_ms_an_answer": 1000 * computed / sum(one.answers for one in rounds),
        "cores_used": computed / sum(one.took for one in rounds),
    }


async def _round(client: httpx.AsyncClient, server: Server, questions: list[str], askers: int, seconds: float) -> Round:
    begun, before = time.monotonic(), server.processor_seconds()
    told = [Told("rest") for _ in range(askers)]
    calls = [ask_rest(client, questions[11 * at :], begun + seconds, one) for at, one in enumerate(told)]
    await asyncio.gather(*calls)
    return Round(tuple(told), time.monotonic() - begun, server.processor_seconds() - before)


def main() -> int:
    """Measure, print and keep the figures; exit code 1 where anything was refused or failed."""
    parser = argparse.ArgumentParser(description="Measure one asker beside several.")
    parser.add_argument("--index", type=Path, default=Path("sample.index"))
    parser.add_argument("--askers", type=int, nargs="+", default=[8])
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
