"""From logits to the best span of one window; the trainer's own, since the recipe imports nothing of the product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_SPAN = 30


@dataclass(frozen=True, slots=True)
class Best:
    """The best non-null span (inclusive token positions), its score, and the null score."""

    start: int
    end: int
    score: float
    null: float


def best_span(start: NDArray[np.float32], end: NDArray[np.float32], first: int, last: int) -> Best:
    """Joint best of start[i] + end[j], first <= i <= j < last, at most 30 tokens long."""
    scores = start[first:last, None] + end[None, first:last]
    size = last - first
    valid = np.triu(np.ones((size, size), dtype=bool)) & ~np.triu(np.ones((size, size), dtype=bool), MAX_SPAN)
    scores = np.where(valid, scores, -np.inf)
    at = int(scores.argmax())
    return Best(first + at // size, first + at % size, float(scores.flat[at]), float(start[0] + end[0]))
