"""The order of training: which windows make batch n, as a pure function of seed and n."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.window_set import Tensors, WindowSet

BATCHES_IN_CHUNK = 50


def plan(lengths: NDArray[np.int64], batch_size: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Length-bucketed batches: sorted inside shuffled chunks, then the batches shuffled."""
    order = rng.permutation(len(lengths)).astype(np.int64)
    chunk = batch_size * BATCHES_IN_CHUNK
    batches: list[NDArray[np.int64]] = []
    for begin in range(0, len(order), chunk):
        part = order[begin : begin + chunk]
        part = part[np.argsort(lengths[part], kind="stable")]
        batches += [part[at : at + batch_size] for at in range(0, len(part), batch_size)]
    return [batches[place] for place in rng.permutation(len(batches))]


class BatchStream:
    """Batch n of a run over several passes; it keeps no position, so resuming is asking for the next n."""

    def __init__(self, passes: Sequence[WindowSet], sizes: tuple[int, int], pad: int, seed: int) -> None:
        """`sizes`: windows in a batch, and in each of its parts."""
        if not passes or min(map(len, passes)) == 0:
            raise ValueError("every pass needs windows; run `python -m training features` first")
        self._passes, self._pad, self._seed = passes, pad, seed
        self._batch_size, self._part_size = sizes
        self._sizes = [-(-len(windows) // self._batch_size) for windows in passes]
        self._planned: tuple[int, list[NDArray[np.int64]]] | None = None

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
        return [self._passes[number].batch(part, self._pad) for part in parts]

    def _plan(self, serial: int, number: int) -> list[NDArray[np.int64]]:
        if self._planned is None or self._planned[0] != serial:
            rng = np.random.default_rng([self._seed, serial])
            self._planned = (serial, plan(self._passes[number].lengths, self._batch_size, rng))
        return self._planned[1]
