"""How long a question waits that goes to all shards at once: `python -m benchmarks.fanout`, a simulation by seed.

A question is answered when the slowest of its shards is. One shard's time has three parts:

    service     log-normal through the 50th and 95th percentile measured of a fused search over a million passages
                (docs/scale.md), where another size is not given
    queue       the questions before it, as in a queue with one server at a given load (M/M/1)
    straggling  with a small chance the search falls upon a pause (a compaction, a garbage collection, a neighbour) and
                takes some times longer: chance and factor are assumptions, and are varied

Against the tail stand three remedies: a second copy of the shard that is asked where the first has not answered by its
95th percentile (a hedge), the quicker of two at once, and answering without the last shards, which costs recall in
proportion to what they hold. Shards are taken to be independent, which flatters: a cause that all share shows in one
shard's percentiles already and is not made worse by more shards.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]

SHARDS = (1, 4, 16, 64, 256, 1000)
PERCENTILES = (50, 95, 99)
Z95 = 1.6448536269514722
"""The 95th percentile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What one shard takes, in milliseconds, and how often it is late."""

    p50: float = 8.0
    p95: float = 12.5
    load: float = 0.5
    """Share of the time that it is searching."""
    late: float = 0.01
    """Chance of a pause; an assumption."""
    factor: float = 10.0
    """How much longer a search takes then; an assumption."""

    def times(self, chance: np.random.Generator, shape: tuple[int, int]) -> Times:
        """Times of searches: [questions, shards]."""
        spread = np.log(self.p95 / self.p50) / Z95
        service = self.p50 * np.exp(spread * chance.standard_normal(shape))
        mean = self.p50 * float(np.exp(spread**2 / 2))
        waits = chance.random(shape) < self.load
        queue = waits * chance.exponential(mean / (1 - self.load), shape)
        return np.asarray(np.where(chance.random(shape) < self.late, self.factor, 1.0) * service + queue)


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to ask; `copies` says what it costs in searches."""

    name: str
    hedge: bool = False
    twice: bool = False
    left_out: float = 0.0
    """Share of the shards that need not answer."""


REMEDIES = (
    Remedy("all shards"),
    Remedy("with a hedge at p95", hedge=True),
    Remedy("two copies at once", twice=True),
    Remedy("without the slowest 1 %", left_out=0.01),
)


def simulate(shard: Shard, shards: int, remedy: Remedy, questions: int, seed: int) -> tuple[list[float], float]:
    """Percentiles of the time of a question, and searches for each shard and question."""
    chance = np.random.default_rng((seed, shards, REMEDIES.index(remedy)))
    bound = float(np.percentile(shard.times(chance, (200_000, 1)), 95))
    slowest = []
    searches = 0.0
    block = max(1, 2_000_000 // shards)
    for start in range(0, questions, block):
        shape = (min(block, questions - start), shards)
        times = shard.times(chance, shape)
        extra = np.zeros(shape)
        if remedy.twice:
            times, extra = np.minimum(times, shard.times(chance, shape)), np.ones(shape)
        if remedy.hedge:
            late = times > bound
            times = np.where(late, np.minimum(times, bound + shard.times(chance, shape)), times)
            extra = late.astype(float)
        needed = shards - int(remedy.left_out * shards)
        slowest.append(np.partition(times, needed - 1, axis=1)[:, needed - 1])
        searches += float(shape[0] * shards + extra.sum())
    waited = np.concatenate(slowest)
    return [float(np.percentile(waited, one)) for one in PERCENTILES], searches / (questions * shards)


def table(shard: Shard, questions: int, seed: int, sizes: Sequence[int] = SHARDS) -> str:
    """All remedies at all numbers of shards, in Markdown."""
    shown = " | ".join(f"p{one}" for one in PERCENTILES)
    lines = [f"| shards | asked | {shown} | searches a shard |", "|---:|---|" + "---:|" * (len(PERCENTILES) + 1)]
    for shards in sizes:
        for remedy in REMEDIES:
            if int(remedy.left_out * shards) == 0 and remedy.left_out:
                continue
            times, cost = simulate(shard, shards, remedy, questions, seed)
            figures = " | ".join(f"{time:,.0f}" for time in times)
            lines.append(f"| {shards:,} | {remedy.name} | {figures} | {cost:.2f} |")
    return "\n".join(lines)


def main() -> int:
    """Print the table; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("p50", 8.0), ("p95", 12.5), ("load", 0.5), ("late", 0.01), ("factor", 10.0)):
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    call = parser.parse_args()
    shard = Shard(call.p50, call.p95, call.load, call.late, call.factor)
    print(table(shard, call.questions, call.seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
