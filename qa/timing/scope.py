"""What time a question asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.periods.absolute import absolute_mentions
from qa.periods.relative import relative_mentions
from qa.periods.types import Mention, Period

_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)


class Tense(StrEnum):
    """Which time is asked for."""

    NAMED = "named"
    """A period that the question names."""
    RELATIVE = "relative"
    """One counted from the day of the article: "last year"."""
    PRESENT = "present"
    """How things stand: the newest article knows best."""
    OPEN = "open"
    """None, or the time itself is asked for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The time of a question; `mentions` are in coordinates of the question and empty unless it names a period."""

    tense: Tense
    mentions: tuple[Mention, ...] = ()
    question: str = ""

    def periods(self, published: date | None) -> tuple[Period, ...]:
        """The periods asked for, seen from an article of that day."""
        if self.tense is not Tense.RELATIVE:
            return tuple(_widened(self.question, mention) for mention in self.mentions)
        if published is None:
            return ()
        return tuple(mention.period for mention in relative_mentions(self.question, published))


_PRESENT_WORDS = re.compile(
    r"\b(?:now|currently|today|at present|nowadays|these days|to date|so far"
    r"|latest|newest|most recent(?:ly)?|current|present-day|still)\b",
    re.IGNORECASE,
)
_PRESENT_VERB = re.compile(r"\b(?:is|are|does|do|has|have)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|did|had|been|used to|ago|formerly|previously|first)\b", re.IGNORECASE)
_TIME_ASKED = re.compile(
    r"^\W*(?:when|since when|until when|by when)\b"
    r"|\b(?:what|which) (?:year|date|day|month|time|season|century|decade)\b|\bhow long\b",
    re.IGNORECASE,
)
_OPEN_START = re.compile(r"\b(?:before|until|till|up to|prior to)\s(?:the\s|early\s|late\s)?$", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:since|after|from)\s(?:the\s|early\s|late\s)?$", re.IGNORECASE)
_ANY_DAY = date(2000, 6, 15)


def scope_of(question: str) -> Scope:
    """The time that a question asks for; a title or a name with a year in it ("the 2022 World Cup") names that year."""
    if named := absolute_mentions(question):
        return Scope(Tense.NAMED, tuple(named), question)
    if _TIME_ASKED.search(question):
        return Scope(Tense.OPEN, question=question)
    if _PRESENT_WORDS.search(question):
        return Scope(Tense.PRESENT, question=question)
    if relative_mentions(question, _ANY_DAY):
        return Scope(Tense.RELATIVE, question=question)
    present = _PRESENT_VERB.search(question) is not None and _PAST.search(question) is None
    return Scope(Tense.PRESENT if present else Tense.OPEN, question=question)


def without_times(question: str, scope: Scope) -> str:
    """The question with the periods it names taken out; what else it asks stays as it is."""
    for mention in reversed(scope.mentions):
        question = question[: mention.span.start] + question[mention.span.end :]
    return question


def _widened(question: str, mention: Mention) -> Period:
    """The period with the word before it: "since 2018" goes on, "before 2018" began earlier; "by 2018" means 2018."""
    before = question[: mention.span.start]
    if _OPEN_END.search(before):
        return Period(mention.period.first, _LATEST)
    if _OPEN_START.search(before):
        return Period(_EARLIEST, mention.period.last)
    return mention.period
