"""The order of training: which windows make batch n, as a pure function of seed and n."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.window_set import Tensors, WindowSet

BATCHES_IN_CHUNK = 50


GROUP = 4
"""The most windows of one question that stay together."""

Numbers = NDArray[np.int64]


def groups(rows: NDArray[np.int32]) -> list[Numbers]:
    """Window numbers that follow each other and belong to one row, at most GROUP together."""
    cuts = np.flatnonzero(np.diff(rows)) + 1
    runs = np.split(np.arange(len(rows), dtype=np.int64), cuts)
    return [run[at : at + GROUP] for run in runs for at in range(0, len(run), GROUP)]


def plan(lengths: NDArray[np.int64], batch_size: int, rng: np.random.Generator) -> list[Numbers]:
    """Length-bucketed batches: sorted inside shuffled chunks, then the batches shuffled."""
    order = rng.permutation(len(lengths)).astype(np.int64)
    chunk = batch_size * BATCHES_IN_CHUNK
    batches: list[Numbers] = []
    for begin in range(0, len(order), chunk):
        part = order[begin : begin + chunk]
        part = part[np.argsort(lengths[part], kind="stable")]
        batches += [part[at : at + batch_size] for at in range(0, len(part), batch_size)]
    return [batches[place] for place in rng.permutation(len(batches))]


class BatchStream:
    """Batch n of a run over several passes; it keeps no position, so resuming is asking for the next n."""

    def __init__(
        self, passes: Sequence[WindowSet], sizes: tuple[int, int], pad: int, seed: int, *, grouped: bool = False
    ) -> None:
        """`sizes`: windows in a batch, and in each of its parts; groups of windows, half as many, where `grouped`."""
        if not passes or min(map(len, passes)) == 0:
            raise ValueError("every pass needs windows; run `python -m training features` first")
        self._passes, self._pad, self._seed = passes, pad, seed
        self._batch_size, self._part_size = (max(1, size // 2) for size in sizes) if grouped else sizes
        self._groups = [groups(windows.targets[:, 4]) if grouped else None for windows in passes]
        self._sizes = [
            -(-len(windows if parted is None else parted) // self._batch_size)
            for windows, parted in zip(passes, self._groups, strict=True)
        ]
        self._planned: tuple[int, list[Numbers]] | None = None

    @property
    def steps(self) -> int:
        """Batches in all passes together."""
        return sum(self._sizes)

    def batch(self, step: int) -> list[Tensors]:
        """The parts of a step's batch, each padded to its own length.

        Past the last pass the passes begin again, in another order.
        """
        cycle, place = divmod(step, self.steps)
        number = 0
        while place >= self._sizes[number]:
            place -= self._sizes[number]
            number += 1
        chosen = self._plan(cycle * len(self._passes) + number, number)[place]
        parts = [chosen[at : at + self._part_size] for at in range(0, len(chosen), self._part_size)]
        parted = self._groups[number]
        if parted is not None:
            parts = [np.concatenate([parted[group] for group in part]) for part in parts]
        return [self._passes[number].batch(part, self._pad) for part in parts]

    def _plan(self, serial: int, number: int) -> list[Numbers]:
        if self._planned is None or self._planned[0] != serial:
            rng = np.random.default_rng([self._seed, serial])
            lengths, parted = self._passes[number].lengths, self._groups[number]
            if parted is not None:
                lengths = np.array([lengths[group].max() for group in parted])
            self._planned = (serial, plan(lengths, self._batch_size, rng))
        return self._planned[1]
