"""How sure a figure is: seeded bootstrap intervals, and paired permutation tests between two runs.

Percentile bootstrap over questions (Efron and Tibshirani 1993); sign-flip permutation test of the paired differences
(Fisher's; Smucker et al. 2007 for retrieval), exact where the flips can be counted out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.types import Figure

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

RESAMPLES = 2000
STATISTIC_RESAMPLES = 1000
FLIPS = 20_000
SIGNIFICANT = 0.05
_BLOCK = 4_000_000  # resampled values held at once: 32 MB


@dataclass(frozen=True, slots=True)
class PairedTest:
    """B minus A on one metric, over the `n` questions that both runs scored."""

    difference: float
    low: float
    high: float
    p: float
    n: int
    wins: int
    """Questions on which B scores higher."""
    losses: int

    @property
    def decided(self) -> bool:
        """Whether the data tell the runs apart: p below 0.05 and an interval that excludes 0."""
        return self.p < SIGNIFICANT and not self.low <= 0.0 <= self.high


def mean_figures(columns: dict[str, Floats], seed: int) -> dict[str, Figure]:
    """The mean of every column with its interval; nan marks a question without gold for that figure.

    All columns (shape [n] each) are resampled together, so that figures of one run share their resamples.
    """
    if not columns:
        return {}
    table = np.column_stack(list(columns.values()))
    known = ~np.isnan(table)
    filled = np.where(known, table, 0.0)
    means = []
    for weights in _resample_weights(len(table), seed, RESAMPLES):
        with np.errstate(invalid="ignore", divide="ignore"):
            means.append((weights @ filled) / (weights @ known.astype(np.float64)))
    sampled = np.concatenate(means) if means else np.empty((0, len(columns)))
    return {
        name: _mean_figure(table[known[:, place], place], sampled[:, place], len(table))
        for place, name in enumerate(columns)
    }


def _mean_figure(values: Floats, sampled: Floats, total: int) -> Figure:
    excluded = total - len(values)
    if not len(values):
        return Figure(None, None, None, 0, excluded)
    low, high = _interval(sampled)
    return Figure(float(values.mean()), low, high, len(values), excluded)


@dataclass(frozen=True, slots=True)
class Statistic:
    """Figures of whole columns that are no means: `compute(*columns)` gives one value a name, nan where undefined."""

    names: tuple[str, ...]
    compute: Callable[..., Floats]


def statistic_figures(
    statistic: Statistic, columns: tuple[Floats, ...], *, excluded: int, seed: int
) -> dict[str, Figure]:
    """The figures of a statistic with their intervals; rows of all columns (shape [n] each) are drawn together."""
    n = len(columns[0])
    if n == 0:
        return {name: Figure(None, None, None, 0, excluded) for name in statistic.names}
    values = statistic.compute(*columns)
    draws = np.random.default_rng(seed)
    sampled = np.empty((STATISTIC_RESAMPLES, len(statistic.names)))
    for row in range(STATISTIC_RESAMPLES):
        chosen = draws.integers(0, n, n)
        sampled[row] = statistic.compute(*(column[chosen] for column in columns))
    figures = {}
    for place, name in enumerate(statistic.names):
        if np.isnan(values[place]):
            figures[name] = Figure(None, None, None, 0, excluded + n)
        else:
            low, high = _interval(sampled[:, place])
            figures[name] = Figure(float(values[place]), low, high, n, excluded)
    return figures


def paired_test(a: Floats, b: Floats, seed: int) -> PairedTest:
    """Test B against A question by question (shape [n] both, n >= 1); two-sided p."""
    difference = b - a
    figure = mean_figures({"difference": difference}, seed)["difference"]
    return PairedTest(
        difference=float(difference.mean()),
        low=figure.low or 0.0,
        high=figure.high or 0.0,
        p=sign_flip_p(difference, seed),
        n=len(difference),
        wins=int((difference > 0).sum()),
        losses=int((difference < 0).sum()),
    )


def sign_flip_p(difference: Floats, seed: int) -> float:
    """Two-sided p of the mean difference when the sign of each is a coin flip; exact for few non-zero differences."""
    moved = difference[difference != 0.0]
    if not len(moved):
        return 1.0
    # Compared with a hair of tolerance: equal sums in another order of addition must count as equal.
    observed = abs(float(moved.sum())) - 1e-9
    if 2 ** len(moved) <= FLIPS:
        bits = np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1
        return float((np.abs((2.0 * bits - 1.0) @ moved) >= observed).mean())
    draws = np.random.default_rng(seed)
    extreme = done = 0
    while done < FLIPS:
        rows = min(FLIPS - done, max(1, _BLOCK // len(moved)))
        signs = 2.0 * draws.integers(0, 2, (rows, len(moved)), dtype=np.int8) - 1.0
        extreme += int((np.abs(signs @ moved) >= observed).sum())
        done += rows
    return (extreme + 1) / (FLIPS + 1)


def holm(p_values: list[float]) -> list[float]:
    """Holm's step-down correction for testing several metrics at once, in the order given."""
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted


def _resample_weights(n: int, seed: int, resamples: int) -> Iterator[Floats]:
    """How often each of the n questions is drawn in each resample: blocks of shape [rows, n]."""
    draws = np.random.default_rng(seed)
    done = 0
    while n and done < resamples:
        rows = min(resamples - done, max(1, _BLOCK // n))
        drawn = draws.integers(0, n, (rows, n)) + np.arange(rows)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
        done += rows


def _interval(sampled: Floats) -> tuple[float, float]:
    """The middle 95 % of the resampled values; resamples in which the figure is undefined are left out."""
    defined = sampled[~np.isnan(sampled)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
