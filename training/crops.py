"""Cutting long contexts down to the size of the product's passages (whole sentences, about 128 pieces)."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def crop(starts: Sequence[int], length: int, keep: tuple[int, int], size: int, rng: random.Random) -> tuple[int, int]:
    """A run of tokens first..last-1 near `size` long around the kept tokens (inclusive pair).

    The edges move to sentence boundaries when that still keeps the answer and some size; otherwise they stay.
    """
    if length <= size:
        return 0, length
    low = max(0, keep[1] + 1 - size)
    high = min(keep[0], length - size)
    first = rng.randint(min(low, high), max(low, high)) if low <= high else keep[0]
    last = max(min(length, first + size), keep[1] + 1)
    first = (
        starts[bisect_right(starts, first) - 1]
        if first - starts[bisect_right(starts, first) - 1] < size // 2
        else first
    )
    following = bisect_left(starts, max(keep[1] + 1, last - size // 3))
    if following < len(starts) and starts[following] <= last + size // 4:
        last = starts[following]
    elif following == len(starts) and length <= last + size // 4:
        last = length
    return first, last
