"""The figure of the period asked for first, where the articles have figures of several."""

from __future__ import annotations

from collections.abc import Sequence

from qa.candidate_values import comparable, value_of
from qa.evidence import CandidateAnswer
from qa.reweighing import ruled_out, scaled
from qa.timing.fit import AROUND, BY_DATE, IN_SENTENCE, fit_of
from qa.timing.nearness import time_of
from qa.timing.scope import Scope, Tense, scope_of
from qa.types import Evidence
from qa.values.types import Quantity

SHARE = 0.2
"""Least confidence, as a share of the best candidate's, of a rival that is only near the period asked for."""


def time_asked_first(question: str, candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with those of another period behind, where the question names a period and one has it.

    A figure that its own sentence gives to another year is no rival of one that stands with the year asked for: of the
    latter the confidence c becomes c / (1 - that of the former), as if those had not been read, and they get what is
    left, divided as before. Where none stands with the period asked for, nothing is moved, unless the best is a figure
    said of another one and a like figure, not much less likely, is said near this one or by an article of this one. A
    figure whose sentence gives it to another year, and names none asked for, is no answer at all.
    """
    ranked = list(candidates)
    scope = scope_of(question)
    if not ranked or scope.tense not in {Tense.NAMED, Tense.RELATIVE}:
        return ranked
    fits = [fit_of(scope, one.places[0].evidence) for one in ranked]
    if fits[0] <= -IN_SENTENCE and IN_SENTENCE in fits:
        return _moved(ranked, [fit >= IN_SENTENCE for fit in fits], [fit <= -IN_SENTENCE for fit in fits])
    if fits[0] > -AROUND:
        return ranked
    best = ranked[0]
    right = [
        one.confidence >= SHARE * best.confidence and _near(scope, fit, one.places[0].evidence, best.places[0].evidence)
        for one, fit in zip(ranked, fits, strict=True)
    ]
    if any(right):
        return _moved(ranked, right, [fit <= -AROUND for fit in fits])
    return ruled_out(
        ranked, [_of_another_time(scope, fit, one.places[0].evidence) for one, fit in zip(ranked, fits, strict=True)]
    )


def _of_another_time(scope: Scope, fit: float, evidence: Evidence) -> bool:
    """Whether it is a figure, and all that its sentence names is other periods than those asked for."""
    if fit > -IN_SENTENCE or not isinstance(value_of(evidence), Quantity):
        return False
    time = time_of(evidence)
    wanted = scope.periods(time.published)
    return not any(one.overlaps(other) for one in wanted for other in time.sentence)


def _near(scope: Scope, fit: float, one: Evidence, best: Evidence) -> bool:
    """Whether a figure like the best one is said near the period asked for, or by an article that was written in it."""
    value, other = value_of(one), value_of(best)
    if not (isinstance(value, Quantity) and isinstance(other, Quantity) and comparable(value, other)):
        return False
    published = one.document.published if one.document else None
    written_then = published is not None and any(
        period.first <= published <= period.last for period in scope.periods(published)
    )
    return fit >= AROUND or (fit >= BY_DATE and written_then)


def _moved(ranked: list[CandidateAnswer], right: Sequence[bool], wrong: Sequence[bool]) -> list[CandidateAnswer]:
    """The right ones with what the wrong ones had, these with what is then left, and behind all others."""
    of_right = sum(one.confidence for one, is_right in zip(ranked, right, strict=True) if is_right)
    of_wrong = sum(one.confidence for one, is_wrong in zip(ranked, wrong, strict=True) if is_wrong)
    gain = 1 / max(1 - of_wrong, of_right, 1e-9)
    left = max(0.0, 1 - gain * of_right) / max(1 - of_right, 1e-9)
    moved = [scaled(one, gain if is_right else left) for one, is_right in zip(ranked, right, strict=True)]
    order = sorted(range(len(moved)), key=lambda place: (wrong[place], -moved[place].confidence))
    return [moved[place] for place in order]
