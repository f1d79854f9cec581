"""The scores of one question by figure name; nan where the set has no gold for that figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from eval.metrics import exact_match, is_right, token_f1
from eval.outcomes import Outcome
from eval.ranking import RANKING_METRICS, ranking_scores
from eval.types import SquadRules, Stage

Scores = dict[str, float]
"""By bare figure name."""
Columns = dict[str, NDArray[np.float64]]
"""By bare figure name, one value a question."""

ANSWER_METRICS = (
    "EM",
    "F1",
    "EM_answerable",
    "F1_answerable",
    "EM_span",
    "F1_span",
    "abstained_unanswerable",
    "wrongly_abstained",
    "answer_recall",
    "verbatim",
)
CITATION_METRICS = ("right_article", "citation_precision", "right_and_cited")


def retrieval_columns(outcomes: Sequence[Outcome]) -> Columns:
    """Retrieval metrics of every question, through ir_measures."""
    relevant: Mapping[str, Mapping[str, int]] = {outcome.question.id: outcome.relevant for outcome in outcomes}
    rankings = {outcome.question.id: outcome.ranking for outcome in outcomes}
    scores = ranking_scores([outcome.question for outcome in outcomes], relevant, rankings)
    return _columns(RANKING_METRICS, [scores.get(outcome.question.id, {}) for outcome in outcomes])


def answer_columns(outcomes: Sequence[Outcome], rules: SquadRules) -> Columns:
    """EM, F1 and abstention of every question; end to end, also where the answers were cited from."""
    names: tuple[str, ...] = ANSWER_METRICS
    if any(outcome.stage is Stage.END_TO_END for outcome in outcomes):
        names += CITATION_METRICS
    return _columns(names, [answer_scores(outcome, rules) for outcome in outcomes])


def answer_scores(outcome: Outcome, rules: SquadRules) -> Scores:
    """The scores that this question has gold for."""
    golds, given = outcome.question.answers, outcome.answer.text or ""
    scores: Scores = {} if outcome.verbatim is None else {"verbatim": float(outcome.verbatim)}
    if outcome.question.answerable is None:
        return scores
    scores |= {"EM": exact_match(given, golds, rules), "F1": token_f1(given, golds, rules)}
    if not golds:
        return scores | {"abstained_unanswerable": float(outcome.answer.abstained)}
    return scores | _answerable_scores(outcome, scores, rules)


def _answerable_scores(outcome: Outcome, scores: Scores, rules: SquadRules) -> Scores:
    golds, best = outcome.question.answers, outcome.best or ""
    found = {
        "EM_answerable": scores["EM"],
        "F1_answerable": scores["F1"],
        "EM_span": exact_match(best, golds, rules),
        "F1_span": token_f1(best, golds, rules),
        "wrongly_abstained": float(outcome.answer.abstained),
        "answer_recall": float(any(is_right(candidate.answer, golds) for candidate in outcome.candidates)),
    }
    if outcome.cites_gold is None:
        return found
    if not outcome.answer.abstained:
        found["right_article"] = float(outcome.cites_gold)
        cited = [citation.document_id in outcome.relevant for citation in outcome.answer.citations]
        found["citation_precision"] = sum(cited) / len(cited)
    found["right_and_cited"] = float(not outcome.answer.abstained and outcome.best_right and outcome.cites_gold)
    return found


def timing_columns(outcomes: Sequence[Outcome]) -> Columns:
    """Milliseconds by step, for the steps that took any."""
    timings = [outcome.answer.timings for outcome in outcomes]
    steps = {
        "retrieve": np.array([timing.retrieve for timing in timings]),
        "read": np.array([timing.read for timing in timings]),
        "total": np.array([timing.total for timing in timings]),
    }
    return {step: values for step, values in steps.items() if values.any()}


def _columns(names: Sequence[str], scores: Sequence[Mapping[str, float]]) -> Columns:
    return {name: np.array([row.get(name, nan) for row in scores], dtype=np.float64) for name in names}
