"""Whether a candidate holds at the time that the question asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.candidate_values import value_of
from qa.periods.types import Period
from qa.timing.nearness import SpanTime, time_of
from qa.timing.scope import Scope, Tense
from qa.types import Evidence
from qa.values.types import Quantity

IN_SENTENCE, AROUND, BY_DATE = 1.0, 0.5, 0.25
"""How much is known where the period stands with the figure, near it, or is only the day of the article."""


def time_fit(scope: Scope, time: SpanTime, *, figure: bool) -> float:
    """In [-1, 1]: 1 the very period asked for stands with the answer, -1 another one does, 0 nothing can be said.

    A `figure` belongs to the period it is attached to; a name or a phrase to any that its sentence names, and another
    period beside it says less: in "who was president in 2002" it may be his birthday.
    """
    wanted = scope.periods(time.published)
    if not wanted:
        return 0.0
    beside = time.own if figure else time.sentence
    if beside and _any_overlap(wanted, beside):
        return IN_SENTENCE
    if figure and beside:
        return -IN_SENTENCE
    if beside or time.around:
        return AROUND if _any_overlap(wanted, time.around) else -AROUND
    if time.published is None:
        return 0.0
    return BY_DATE if any(_told_then(period, time.published) for period in wanted) else -AROUND


def _any_overlap(wanted: Sequence[Period], found: Sequence[Period]) -> bool:
    return any(one.overlaps(other) for one in wanted for other in found)


def _told_then(period: Period, published: date) -> bool:
    """Whether an article of that day would tell of the period without naming it: in it, or in the year after."""
    return period.first <= published and published.year <= min(period.last.year, 9998) + 1


def fits(question_scope: Scope, candidates: Sequence[Evidence]) -> list[float]:
    """`time_fit` of each candidate; all 0 where no period is asked for."""
    if question_scope.tense not in {Tense.NAMED, Tense.RELATIVE}:
        return [0.0] * len(candidates)
    return [fit_of(question_scope, one) for one in candidates]


def fit_of(scope: Scope, evidence: Evidence) -> float:
    """`time_fit` of a candidate in its place."""
    return time_fit(scope, time_of(evidence), figure=isinstance(value_of(evidence), Quantity))


def year_missing(scope: Scope, evidence: Evidence) -> bool:
    """Whether the question names years and the article names none of them, and was not written in one of them."""
    years = {str(mention.period.year) for mention in scope.mentions if mention.period.year}
    if not years or evidence.document is None:
        return False
    published = evidence.document.published
    if published is not None and str(published.year) in years:
        return False
    text = f"{evidence.document.title}\n{evidence.document.text}"
    return not any(year in text for year in years)


def years_behind(evidence: Sequence[Evidence]) -> list[float]:
    """By how many years each candidate's article is older than the newest of them; 0 where a date is not known."""
    days = [one.document.published if one.document else None for one in evidence]
    newest = max((day for day in days if day is not None), default=None)
    return [0.0 if day is None or newest is None else (newest - day).days / 365.25 for day in days]
