"""From outcomes to figures: means with intervals, their breakdowns, abstention, latency, classes of error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.abstention import ABSTENTION_METRICS, Bin, abstention_statistics, reliability, risk_coverage
from eval.attribution import ErrorClass, count_classes, error_class
from eval.datasets import question_kind
from eval.metrics import official_scores
from eval.outcomes import Outcome, facts_of
from eval.scores import Columns, answer_columns, retrieval_columns, timing_columns
from eval.significance import Statistic, mean_figures, statistic_figures
from eval.types import Dataset, Figures, Question, SquadRules, Stage

Breakdowns = Mapping[str, Mapping[str, Figures]]
"""Dimension, then value, then figures."""

_CURVE_POINTS = 200
_ABSTENTION = Statistic(ABSTENTION_METRICS, abstention_statistics)


@dataclass(frozen=True, slots=True)
class StageSummary:
    """One stage's figures over all questions, and over each kind, form, length and set of them."""

    figures: Figures
    breakdowns: Breakdowns
    columns: Columns
    """The scores behind the figures, one a question, in the order of `ids`."""
    ids: tuple[str, ...]
    official: Mapping[str, float]
    """What the official SQuAD script would print for this stage's answers, in percent; empty for retrieval."""


@dataclass(frozen=True, slots=True)
class AbstentionSummary:
    """How confidence and correctness go together, and the curves behind the figures."""

    stage: Stage
    figures: Figures
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    operating_point: tuple[float, float] | None
    """Coverage and risk of the answers that were really given; None where none was given."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """The wrong questions by class; `by_id` holds the class of each."""

    counts: Mapping[ErrorClass, int]
    by_id: Mapping[str, ErrorClass]
    judged: int
    """Questions that say what is right."""


def summarise_stage(stage: Stage, outcomes: Sequence[Outcome], rules: SquadRules, seed: int) -> StageSummary:
    """All figures of one stage."""
    columns = retrieval_columns(outcomes) if stage is Stage.RETRIEVAL else answer_columns(outcomes, rules)
    judged = [outcome for outcome in outcomes if outcome.question.answerable is not None]
    official: Mapping[str, float] = {}
    if stage is not Stage.RETRIEVAL and judged:
        given = [outcome.answer.text or "" for outcome in judged]
        official = official_scores([outcome.question.answers for outcome in judged], given, rules)
    return StageSummary(
        figures=mean_figures(columns, seed),
        breakdowns=_breakdowns([outcome.question for outcome in outcomes], columns, seed),
        columns=columns,
        ids=tuple(outcome.question.id for outcome in outcomes),
        official=official,
    )


def _breakdowns(questions: Sequence[Question], columns: Columns, seed: int) -> Breakdowns:
    dimensions: dict[str, Callable[[Question], str]] = {
        "set": lambda question: question.group,
        "kind": question_kind,
        "form": lambda question: question.form,
        "length": _length,
        "answer length": _answer_length,
    }
    found = {}
    for dimension, value_of in dimensions.items():
        values = [value_of(question) for question in questions]
        distinct = sorted(set(values) - {""})
        if len(distinct) > 1:
            found[dimension] = {
                value: _part(columns, np.array([v == value for v in values]), seed) for value in distinct
            }
    return found


def _part(columns: Columns, inside: NDArray[np.bool_], seed: int) -> Figures:
    return mean_figures({name: values[inside] for name, values in columns.items()}, seed)


def _length(question: Question) -> str:
    words = len(question.text.split())
    return next(label for most, label in _LENGTHS if words <= most)


_LENGTHS = ((5, "01-05 words"), (10, "06-10 words"), (15, "11-15 words"), (10**9, "16 words or more"))


def _answer_length(question: Question) -> str:
    if not question.answers:
        return ""
    words = min(len(answer.split()) for answer in question.answers)
    return next(label for most, label in _ANSWER_LENGTHS if words <= most)


_ANSWER_LENGTHS = ((1, "1 word"), (3, "2-3 words"), (7, "4-7 words"), (10**9, "8 words or more"))


def summarise_abstention(stage: Stage, outcomes: Sequence[Outcome], seed: int) -> AbstentionSummary | None:
    """How well the confidence tells right from wrong; None where no question says what is right."""
    judged = [outcome for outcome in outcomes if outcome.question.answerable is not None]
    if not judged:
        return None
    confidence = np.array([outcome.answer.confidence for outcome in judged])
    right = np.array([float(outcome.best_right) for outcome in judged])
    excluded = len(outcomes) - len(judged)
    coverage, risk = _thinned(*risk_coverage(confidence, right))
    given = np.array([not outcome.answer.abstained for outcome in judged])
    point = (float(given.mean()), float(1.0 - right[given].mean())) if given.any() else None
    return AbstentionSummary(
        stage=stage,
        figures=statistic_figures(_ABSTENTION, (confidence, right), excluded=excluded, seed=seed),
        coverage=coverage,
        risk=risk,
        operating_point=point,
        bins=reliability(confidence, right),
    )


def _thinned(*curves: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    """At most a few hundred points of each curve, ends kept: more cannot be seen."""
    size = len(curves[0])
    kept = np.unique(np.linspace(0, size - 1, min(size, _CURVE_POINTS)).astype(int))
    return tuple(tuple(float(value) for value in curve[kept]) for curve in curves)


def summarise_latency(stage: Stage, outcomes: Sequence[Outcome], seed: int) -> Figures:
    """Median and 95th percentile of each step, in milliseconds; the reader stage only reads."""
    figures: dict[str, Figures] = {}
    for step, values in timing_columns(outcomes).items():
        if stage is Stage.READER and step != "read":
            continue
        percentiles = Statistic((f"{step}_p50", f"{step}_p95"), _percentiles)
        figures[step] = statistic_figures(percentiles, (values,), excluded=0, seed=seed)
    return {name: figure for part in figures.values() for name, figure in part.items()}


def _percentiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.percentile(values, [50, 95])


def summarise_errors(outcomes: Sequence[Outcome], dataset: Dataset) -> ErrorSummary | None:
    """Put every wrong question in its class; None where no question says what is right."""
    judged = [outcome for outcome in outcomes if outcome.question.answerable is not None]
    if not judged:
        return None
    classes = {outcome.question.id: error_class(facts_of(outcome, dataset)) for outcome in judged}
    by_id = {identity: error for identity, error in classes.items() if error is not None}
    return ErrorSummary(count_classes(by_id.values()), by_id, len(judged))
