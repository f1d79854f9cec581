"""How well a confidence knows its own errors: risk against coverage, ranking of right over wrong, calibration.

Every function takes `confidence` (shape [n], higher is surer) and `right` (shape [n], 1.0 or 0.0: is the best
candidate right; a question without answer has no right candidate). Equal confidences are one group: no figure depends
on the order of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PRECISIONS = (0.80, 0.90, 0.95)
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram: `count` questions with confidence in [low, high)."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean confidence in the bin."""
    accuracy: float
    """Share of right candidates in the bin."""


def risk_coverage(confidence: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Coverage i/n and the share of errors among the i surest questions, for i = 1..n; both of shape [n].

    Inside a group of equal confidence the errors are spread evenly (the mean over all orders of the group).
    """
    order = np.argsort(-confidence, kind="stable")
    _, group = np.unique(-confidence[order], return_inverse=True)
    wrong = 1.0 - right[order]
    spread = (np.bincount(group, weights=wrong) / np.bincount(group))[group]
    ranks = np.arange(1, len(confidence) + 1, dtype=np.float64)
    return ranks / len(confidence), np.cumsum(spread) / ranks


def aurc(confidence: Floats, right: Floats) -> float:
    """Area under the risk-coverage curve: the mean risk over all coverages (Geifman and El-Yaniv 2017)."""
    return float(risk_coverage(confidence, right)[1].mean())


def auroc(confidence: Floats, right: Floats) -> float:
    """The chance that a right candidate is surer than a wrong one, ties half (Mann-Whitney); nan without both."""
    positives = right.sum()
    negatives = len(right) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    _, group, counts = np.unique(confidence, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(mean_rank[group] @ right)
    return float((rank_sum - positives * (positives + 1) / 2) / (positives * negatives))


def coverage_at_precision(confidence: Floats, right: Floats, precision: float) -> float:
    """The largest share of questions answered by any threshold at which at least `precision` of them are right."""
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    last_of_group = np.append(ranked[1:] != ranked[:-1], True)
    answered = np.arange(1, len(ranked) + 1, dtype=np.float64)
    # A hair of tolerance: 9 of 10 must satisfy 0.9 whatever the floating point says.
    enough = last_of_group & (np.cumsum(right[order]) >= precision * answered - 1e-9)
    return float(answered[enough].max(initial=0.0) / len(ranked))


def reliability(confidence: Floats, right: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equal width over [0, 1], empty ones left out; a confidence of 1 falls into the last."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    found = []
    for index in np.unique(place):
        inside = place == index
        found.append(
            Bin(
                low=float(index / bins),
                high=float((index + 1) / bins),
                count=int(inside.sum()),
                confidence=float(confidence[inside].mean()),
                accuracy=float(right[inside].mean()),
            )
        )
    return tuple(found)


def expected_calibration_error(confidence: Floats, right: Floats, bins: int = BINS) -> float:
    """Mean distance of confidence and accuracy over the bins, weighted by their questions (Naeini et al. 2015)."""
    return _calibration_error(reliability(confidence, right, bins), len(confidence))


def _calibration_error(found: Sequence[Bin], n: int) -> float:
    return sum(item.count * abs(item.confidence - item.accuracy) for item in found) / n


def abstention_statistics(confidence: Floats, right: Floats) -> Floats:
    """All figures of this page at once, in the order of `ABSTENTION_METRICS`; shape [k]."""
    coverages = [coverage_at_precision(confidence, right, precision) for precision in PRECISIONS]
    return np.array(
        [
            aurc(confidence, right),
            auroc(confidence, right),
            *coverages,
            expected_calibration_error(confidence, right),
        ]
    )


ABSTENTION_METRICS = ("AURC", "AUROC", *(f"coverage@{round(100 * precision)}%" for precision in PRECISIONS), "ECE")
