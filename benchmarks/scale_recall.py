"""Recall of the dense search: what it finds held against a look at every vector of the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.scale_base import Base
from index import open_index
from index.store import Store
from index.types import Vectors

BEST = 10
TIE = 1e-6
"""Scores closer than this are one score: sums of the same products come out in another order."""


def recall(directory: Path, base: Base) -> float:
    """Mean share of the ten best that a search for ten finds, over all questions; a tie at the tenth place is found."""
    least = tenth_scores(directory, base.question_vectors)
    with open_index(directory) as engine:
        met = [
            sum(hit.score >= floor - TIE for hit in engine.search_dense(vector, BEST))
            for vector, floor in zip(base.question_vectors, least, strict=True)
        ]
    return float(np.mean(met)) / BEST


def tenth_scores(directory: Path, questions: Vectors) -> list[float]:
    """For each question the score of its tenth best passage among all, by an exact look at each."""
    best = np.full((len(questions), BEST), -np.inf, dtype=np.float32)
    store = Store(directory)
    try:
        for _, vectors in store.vectors.after(0):
            scores = np.concatenate([best, questions @ vectors.T], axis=1)
            best = np.partition(scores, -BEST, axis=1)[:, -BEST:]
    finally:
        store.close()
    return [float(row.min()) for row in best]
