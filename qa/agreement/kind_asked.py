"""Values that cannot be what is asked for, whatever a reader prefers: a sum of money does not say how many projects."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.candidate_values import value_of
from qa.evidence import CandidateAnswer
from qa.reweighing import ruled_out
from qa.types import Evidence
from qa.values.types import Kind, Quantity, When
from qa.values.units import unit_after

_HOW_MANY = re.compile(r"\bhow many\s(?!of\b)(?P<noun>[^?]*)", re.IGNORECASE)
_SHARE = re.compile(r"\b(?:what|which)\s(?:percentage|percent|proportion|share)\sof\b", re.IGNORECASE)
_WHEN = re.compile(r"^\W*(?:since\s|until\s|by\s)?when\b|\b(?:what|which)\s(?:year|date|day|month)\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\bby how much\b.*\b(?:grow|grew|grown|rise|rose|risen|increased?|fall|fell|fallen|drop(?:ped)?"
    r"|declined?|decreased?"
    r"|shrink|shrank|changed?|expand(?:ed)?|gain(?:ed)?|improved?|go (?:up|down)|went (?:up|down))\b",
    re.IGNORECASE,
)
_CHANGES_BY = re.compile(
    r"(?:\b(?:by|up|down|grew|grow|growing|rose|rise|rising|fell|fall|increased?|dropped|gained|another|extra|additional)"
    r"|\b(?:rise|increase|growth|gain|drop|fall|decline|loss)\sof)\s$",
    re.IGNORECASE,
)
_THAN = re.compile(r"\s(?:[a-z]+\s)?(?:more|less|fewer|higher|lower|above|below)\b", re.IGNORECASE)
_TIME_UNITS = re.compile(r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|times?)\b", re.IGNORECASE)


def possible_first(question: str, candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with the impossible ones behind, at no confidence."""
    return ruled_out(candidates, [_impossible(question, one.places[0].evidence) for one in candidates])


def _impossible(question: str, evidence: Evidence) -> bool:
    value = value_of(evidence)
    if isinstance(value, When):
        count = _HOW_MANY.search(question)
        return count is not None and _TIME_UNITS.match(count["noun"]) is None
    if not isinstance(value, Quantity):
        return False
    if count := _HOW_MANY.search(question):
        return _counts_nothing(value, count["noun"])
    if _CHANGE.search(question):
        return value.kind is not Kind.PERCENT and not _is_change(evidence)
    if _WHEN.search(question):
        return value.kind in {Kind.MONEY, Kind.PERCENT}
    return value.kind is Kind.MONEY and _SHARE.search(question) is not None


def _counts_nothing(value: Quantity, noun: str) -> bool:
    """Whether the quantity is of money or a measure, and the question counts neither in that currency nor unit."""
    if not value.unit or value.kind is Kind.PERCENT:
        return False
    for match in re.finditer(r"\b[^\W\d_]", noun):
        found = unit_after(noun, match.start())
        if found is not None and (found[0].base == value.unit or found[0].kind is value.kind is Kind.MONEY):
            return False
    return _TIME_UNITS.match(noun) is None


def _is_change(evidence: Evidence) -> bool:
    """Whether the article says that something rose or fell by it."""
    passage = evidence.scored.passage
    span = evidence.candidate.span.shift(-passage.span.start)
    if _CHANGES_BY.search(passage.text[max(0, span.start - 40) : span.start]):
        return True
    words = span.of(passage.text)
    return _CHANGES_BY.match(f"{words.split(maxsplit=1)[0]} ") is not None or bool(_THAN.match(passage.text, span.end))
