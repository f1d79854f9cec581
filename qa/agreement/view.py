"""The agreement view: every value found for what is asked, with its articles and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.types import Document, Span
from qa.agreement.counted import counted_span
from qa.agreement.family import Member
from qa.citing import cite
from qa.quoting import fuller_start
from qa.types import TimePoint, ValueGroup, Wording
from qa.values.grouping import group_values
from qa.values.types import Quantity

_YEARS_FOR_A_TIMELINE = 3
_SHARE_IN_A_TIMELINE = 0.2
"""Least confidence of a point as a share of the best member's: a line through different things would mislead."""


def agreement_view(
    family: Sequence[Member], documents: Mapping[str, Document], *, newest: bool
) -> tuple[ValueGroup, ...]:
    """The family's values, most confident (or those of the `newest` year) first; none where one article has one value.

    The confidence of a group is the highest of its places: what several articles add is weighed by the calibration.
    """
    groups = [
        _group([family[at] for at in places], documents) for places in group_values([one.value for one in family])
    ]
    if len(groups) < 2 and all(group.articles < 2 for group in groups):
        return ()
    return tuple(sorted(groups, key=lambda group: (-max(group.years, default=0) if newest else 0, -group.confidence)))


def timeline_of(family: Sequence[Member], documents: Mapping[str, Document]) -> tuple[TimePoint, ...]:
    """The most confident figure of each year, oldest first; none for fewer than three years."""
    points: dict[int, TimePoint] = {}
    floor = _SHARE_IN_A_TIMELINE * max((one.place.score for one in family), default=0.0)
    for one in family:
        if one.place.score < floor:
            continue
        if isinstance(one.value, Quantity) and one.year is not None and one.year not in points:
            points[one.year] = TimePoint(one.year, float(one.value.amount), _wording(one, documents))
    if len(points) < _YEARS_FOR_A_TIMELINE or len({point.amount for point in points.values()}) < 2:
        return ()
    return tuple(points[year] for year in sorted(points))


def _group(members: Sequence[Member], documents: Mapping[str, Document]) -> ValueGroup:
    best = members[0]
    return ValueGroup(
        value=best.place.evidence.text,
        kind=best.value.kind.value,
        confidence=best.place.score,
        wordings=tuple(_wording(one, documents) for one in members),
    )


def _wording(member: Member, documents: Mapping[str, Document]) -> Wording:
    citation = cite(member.place, documents)
    text = documents[member.document_id].text
    return Wording(
        _worded(text, citation.span, member), member.period.label() if member.period else None, member.year, citation
    )


def _worded(text: str, span: Span, member: Member) -> str:
    """The span with the words that bound it and, for a bare number, the words that it counts."""
    start = fuller_start(text, span)
    whole = span if start is None else Span(start, span.end)
    value = member.value
    if isinstance(value, Quantity) and not value.unit and not value.noun:
        whole = Span(whole.start, counted_span(text, whole.end).end)
    return " ".join(whole.of(text).split())
