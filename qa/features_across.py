"""What the other articles and the time of a figure say of a candidate: features for the calibration to weigh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.candidate_values import comparable, value_groups, value_of
from qa.entities import names_presence
from qa.timing.fit import fits, year_missing, years_behind
from qa.timing.scope import Tense, scope_of
from qa.types import Evidence
from qa.values.types import Kind


def time_agrees(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """In [0, 1]: how plainly the period asked for is that of the candidate; 0 where none is asked for."""
    return [max(0.0, fit) for fit in fits(scope_of(question), candidates)]


def time_conflicts(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """In [0, 1]: how plainly the candidate belongs to another period than the one asked for."""
    return [max(0.0, -fit) for fit in fits(scope_of(question), candidates)]


def year_is_missing(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """1 where the article never names the year that the question names."""
    scope = scope_of(question)
    return [float(year_missing(scope, one)) for one in candidates]


def recency(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """Minus the logarithm of 1 + years behind the newest article read, where the present is asked for; else 0."""
    if scope_of(question).tense is not Tense.PRESENT:
        return [0.0] * len(candidates)
    return [-float(np.log1p(years)) for years in years_behind(candidates)]


def names_in_document(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """Mean presence, in the whole article, of the question's names."""
    return [names_presence(question, one)[0] for one in candidates]


def name_missing(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """1 where some name of the question is nowhere in the article, 0 where all are there word for word."""
    return [1 - names_presence(question, one)[1] for one in candidates]


def value_agreement(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """Logarithm of the number of articles that give this value, however worded."""
    found = [0.0] * len(candidates)
    for group in value_groups(candidates):
        articles = {candidates[place].scored.passage.document_id for place in group}
        for place in group:
            found[place] = float(np.log(len(articles)))
    return found


def value_conflict(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """In [0, 1]: the reader's odds for the best comparable figure of another article against this one; 0 for none.

    Only figures and dates disagree in this way: two names may both be right.
    """
    values = [value_of(one) for one in candidates]
    group_of = {place: number for number, group in enumerate(value_groups(candidates)) for place in group}
    figures = [place for place, value in enumerate(values) if value.kind not in {Kind.NAME, Kind.TEXT}]
    conflicts = [0.0] * len(candidates)
    for place in figures:
        one = candidates[place]
        rivals = [
            candidates[at].candidate.score
            for at in figures
            if group_of[at] != group_of[place]
            and candidates[at].scored.passage.document_id != one.scored.passage.document_id
            and comparable(values[place], values[at])
        ]
        if rivals:
            gap = max(rivals) - one.candidate.score
            conflicts[place] = float(1 / (1 + np.exp(-np.clip(gap, -50, 50))))
    return conflicts
