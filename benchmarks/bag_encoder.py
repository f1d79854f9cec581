"""An encoder without a model, for measuring everything but embedding: a text is the sum of its words' directions."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from functools import cache

import numpy as np

from index.types import Vectors


class BagEncoder:
    """Implements `index.types.Encoder`; `pause` seconds a text stand for the time that a model would take."""

    def __init__(self, dimension: int = 64, pause: float = 0.0) -> None:
        self.dimension = dimension
        self.fingerprint = f"bag-{dimension}@1"
        self.encoded = 0
        self._pause = pause

    def count_tokens(self, text: str) -> int:
        """Words of `text`."""
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape [len(texts), dimension], rows of unit length."""
        self.encoded += len(texts)
        if self._pause:
            time.sleep(self._pause * len(texts))
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for index, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                rows[index] += _direction(word, self.dimension)
            rows[index] /= max(float(np.linalg.norm(rows[index])), 1e-9)
        return rows


@cache
def _direction(word: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
