"""Years counted from the one that the earlier question named: "And the year before?", "And two years later?"."""

from __future__ import annotations

import re

from corpus.types import Span
from qa.periods.absolute import absolute_mentions

_COUNTS = {word: number for number, word in enumerate(("a", "two", "three", "four", "five", "six"), start=1)} | {
    "one": 1
}
_SHIFT = re.compile(
    rf"(?:in\s)?(?:(?:the\s)?(?P<step>previous|preceding|following|next)\syear|the\syear\s(?P<side>before|after)"
    rf"|(?P<count>{'|'.join(_COUNTS)}|\d)\syears?\s(?P<way>before|earlier|after|later))(?:\sthat)?",
    re.IGNORECASE,
)
_BACK = frozenset({"previous", "preceding", "before", "earlier"})
_YEAR = re.compile(r"\d{4}")


def shifted(earlier: str, fragment: str) -> str | None:
    """The earlier question with its year moved as the fragment says; None where either has no such year."""
    match = _SHIFT.fullmatch(fragment.strip())
    if match is None or not (span := _year_span(earlier)):
        return None
    word = (match["step"] or match["side"] or match["way"]).casefold()
    count = match["count"]
    steps = 1 if count is None else int(count) if count.isdecimal() else _COUNTS[count.casefold()]
    year = int(span.of(earlier)) + (-steps if word in _BACK else steps)
    return f"{earlier[: span.start]}{year}{earlier[span.end :]}"


def _year_span(question: str) -> Span | None:
    """Where the last year stands that the question names."""
    found = [
        Span(*match.span()).shift(mention.span.start)
        for mention in absolute_mentions(question)
        if mention.period.year is not None
        for match in _YEAR.finditer(mention.span.of(question))
    ]
    return found[-1] if found else None
