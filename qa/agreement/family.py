"""The candidates that answer a question as its best one does: same sort of value, of the same thing, plainly enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.agreement.counted import counted_words, like_nouns
from qa.candidate_values import comparable, value_of
from qa.evidence import CandidateAnswer, Supported
from qa.periods.types import Period
from qa.quoting import counted
from qa.timing.fit import time_fit
from qa.timing.nearness import SpanTime, time_of
from qa.timing.scope import Scope, scope_of
from qa.types import Evidence
from qa.values.grouping import group_values
from qa.values.quantities import read_quantity
from qa.values.types import Kind, Name, Quantity, Value
from qa.wording import stem

SHARE = 0.08
"""Least confidence of a member as a share of the best one's: it parts other answers from noise."""
KIN_SHARE = 0.03
"""The same for a figure in the same unit, or of the very things that the question counts."""
NAME_SHARE = 0.3
"""The same for another name: any name is comparable with any other, so that more is asked of them."""
_AHEAD = 40
"""Characters behind a span in which what it counts is looked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate in its place, with its value and when it holds."""

    place: Supported
    value: Value
    time: SpanTime

    @property
    def period(self) -> Period | None:
        """The one period to show."""
        return self.time.best

    @property
    def year(self) -> int | None:
        """The year of the period."""
        return self.period.year if self.period else None

    @property
    def document_id(self) -> str:
        """Its article."""
        return self.place.evidence.scored.passage.document_id

    @property
    def is_forecast(self) -> bool:
        """Whether it speaks of a time after its article."""
        published = self.time.published
        return self.period is not None and published is not None and self.period.first > published


def family_of(question: str, candidates: Sequence[CandidateAnswer]) -> list[Member]:
    """The best candidate and those that answer likewise, most confident first; one for an article and period.

    None for a question whose best candidate is neither figure, date nor name: texts that differ may all be right.
    """
    if not candidates:
        return []
    best = _member(candidates[0].places[0])
    if best.value.kind is Kind.TEXT:
        return []
    scope, noun = scope_of(question), like_nouns(counted(question))
    found = [best]
    for answer in candidates:
        for place in answer.places:
            if place.score < KIN_SHARE * best.place.score or place.evidence.candidate.score <= 0:
                continue
            one = _member(place)
            if place.score < _share(one, best, noun) * best.place.score:
                continue
            if _answers_likewise(one, best, scope, noun) and not any(_same_place(one, other) for other in found):
                found.append(one)
    return sorted(found, key=lambda one: -one.place.score)


def _member(place: Supported) -> Member:
    return Member(place, _with_unit(value_of(place.evidence), place.evidence), time_of(place.evidence))


def _with_unit(value: Value, evidence: Evidence) -> Value:
    """A bare number with the unit right behind it in the passage: "19,800" of "19,800 tonnes"."""
    if not isinstance(value, Quantity) or value.unit or value.high is not None:
        return value
    whole = _number_behind(evidence)
    if whole is None or not whole.unit or whole.high is not None:
        return value
    return replace(whole, qualifier=value.qualifier or whole.qualifier)


def _share(one: Member, best: Member, noun: frozenset[str]) -> float:
    """The least confidence that is asked of a member, as a share of the best one's."""
    if isinstance(one.value, Name) or isinstance(best.value, Name):
        return SHARE if len(group_values([one.value, best.value])) == 1 else NAME_SHARE
    if isinstance(one.value, Quantity) and isinstance(best.value, Quantity):
        same_unit = bool(one.value.unit) and one.value.unit == best.value.unit
        if same_unit or noun & _counted(one.place.evidence):
            return KIN_SHARE
    return SHARE


def _same_place(one: Member, other: Member) -> bool:
    """Whether both are what one article says for one time: the better one, `other`, stands for both.

    A second figure of an article is another one only where its own sentence dates it.
    """
    if one.document_id != other.document_id:
        return False
    return one.place.evidence is other.place.evidence or not one.time.own or one.period == other.period


def _answers_likewise(one: Member, best: Member, scope: Scope, noun: frozenset[str]) -> bool:
    figure = isinstance(one.value, Quantity)
    if not comparable(one.value, best.value) or time_fit(scope, one.time, figure=figure) < 0:
        return False
    if not isinstance(one.value, Quantity) or one.value.unit:
        return True
    behind = _counted(one.place.evidence)
    return not noun or not behind or bool(noun & behind)


def _number_behind(evidence: Evidence) -> Quantity | None:
    """The number of the span, read with the words behind it."""
    passage = evidence.scored.passage
    span = evidence.candidate.span.shift(-passage.span.start)
    return read_quantity(passage.text[span.start : span.end + _AHEAD])


def _counted(evidence: Evidence) -> frozenset[str]:
    """The stems of the words behind the number, in the span and after it."""
    number = _number_behind(evidence)
    return frozenset(stem(word) for word in counted_words(number.noun)) if number else frozenset()
