"""Two runs side by side: a paired test for every figure, the questions won and lost, a verdict in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.errors import UsageError
from eval.catalogue import figure_info
from eval.journal import read_rows
from eval.report.data import read_report
from eval.report.write import REPORT, SCORES
from eval.significance import PairedTest, holm, paired_test

Scores = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """One figure of both runs, over the questions that both scored."""

    name: str
    a: float
    b: float
    test: PairedTest
    p_holm: float
    won: tuple[str, ...]
    """Ids of the questions on which B is better, by the figure's own direction; largest gain first."""
    lost: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `compare` prints."""

    a: str
    b: str
    shared: int
    only_a: int
    only_b: int
    same_set: bool
    figures: tuple[FigureComparison, ...]


def compare_runs(a: Path, b: Path, seed: int = 0) -> Comparison:
    """Compare two finished runs; UsageError where a folder holds none or they share no scored question."""
    reports, scores = [read_report(folder / REPORT) for folder in (a, b)], [_scores(folder) for folder in (a, b)]
    shared = [identity for identity in scores[0] if identity in scores[1]]
    if not shared:
        raise UsageError(f"the runs in {a} and {b} share no question; compare two runs of one set")
    names = [name for name in scores[0][shared[0]] if name in scores[1][shared[0]]]
    found = [_paired(name, shared, scores[0], scores[1], seed) for name in names]
    tested = [item for item in found if item is not None]
    corrected = holm([test.p for _, _, _, _, test in tested])
    return Comparison(
        a=str(a),
        b=str(b),
        shared=len(shared),
        only_a=len(scores[0]) - len(shared),
        only_b=len(scores[1]) - len(shared),
        same_set=reports[0]["dataset"]["sha256"] == reports[1]["dataset"]["sha256"],
        figures=tuple(_comparison(item, p_holm) for item, p_holm in zip(tested, corrected, strict=True)),
    )


Pair = tuple[str, tuple[str, ...], "np.typing.NDArray[np.float64]", "np.typing.NDArray[np.float64]", PairedTest]


def _paired(name: str, ids: Sequence[str], a: Scores, b: Scores, seed: int) -> Pair | None:
    """The scores of the questions that both runs have one for, and their test; None where there are none."""
    rows = [(identity, a[identity].get(name), b[identity].get(name)) for identity in ids]
    both = [(identity, left, right) for identity, left, right in rows if left is not None and right is not None]
    if not both:
        return None
    left, right = (np.array([row[place] for row in both], dtype=np.float64) for place in (1, 2))
    return name, tuple(row[0] for row in both), left, right, paired_test(left, right, seed)


def _comparison(item: Pair, p_holm: float) -> FigureComparison:
    name, ids, left, right, test = item
    gain = (right - left) * (1 if figure_info(_bare(name)).higher_is_better else -1)
    order = np.argsort(-gain, kind="stable")
    return FigureComparison(
        name=name,
        a=float(left.mean()),
        b=float(right.mean()),
        test=test,
        p_holm=p_holm,
        won=tuple(ids[place] for place in order if gain[place] > 0),
        lost=tuple(ids[place] for place in order[::-1] if gain[place] < 0),
        verdict=verdict(name, test),
    )


def verdict(name: str, test: PairedTest) -> str:
    """The outcome of one test in a sentence that says "cannot tell" when the data do not tell."""
    info = figure_info(_bare(name))
    scale, digits = (100.0, 1) if info.unit == "%" else (1.0, 3)
    label = f"{info.label} ({name.partition('.')[0]})"
    low, high = sorted((scale * test.low, scale * test.high))
    if not test.decided:
        return (
            f"cannot tell A from B on {label}: B minus A is {scale * test.difference:+.{digits}f} "
            f"({low:+.{digits}f} to {high:+.{digits}f}), {p_text(test.p)}, {test.n} questions"
        )
    better = "B" if (test.difference > 0) == info.higher_is_better else "A"
    if test.difference < 0:
        low, high = -high, -low
    difference = f"{scale * abs(test.difference):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
    return f"{better} is better on {label} by {difference}, {p_text(test.p)}"


def p_text(p: float) -> str:
    """A p-value as it is written, never "p = 0"."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _bare(name: str) -> str:
    return name.partition(".")[2]


def _scores(folder: Path) -> Scores:
    return {str(row["id"]): row["scores"] for row in read_rows(folder / SCORES)}
