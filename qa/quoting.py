"""Fuller readings of a number: "more than 14,000 companies", not "14,000", where the reader hardly minds.

Annotators cut numbers short as often as not, so the reader's scores for the two are close; a person who quotes the
shorter one may say something that the article does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.types import Span
from qa.features import content_stems

START_MARGIN = 1.0
END_MARGIN = 1.0
"""How much lower the logit of the fuller start or end may be. On 534 development questions with figures in their
answers EM/F1 are 66.5/77.7 with neither, 67.8/78.1 with the start alone, 67.6/78.1 with both; larger ends cost more."""
_QUALIFIER = re.compile(
    r"\b(?:(?:(?:no|slightly|well|a little)\s)?(?:more|less|fewer|greater|higher|lower)\sthan|(?:just\s)?(?:over|under)"
    r"|about|around|nearly|almost|at\s(?:least|most)|up\sto|as\s(?:many|much|few|little)\sas|approximately|roughly"
    r"|close\sto|(?:an\s)?estimated|only|above|below|exceeding|some)\s$",
    re.IGNORECASE,
)
_LONGEST_QUALIFIER = 24
_NUMBER = re.compile(r"(?:[A-Z]{0,3}[$€£¥])?\d")
_PLURAL = r"(?:[\w'’-]+s|people|men|women|children)\b"
_COUNTED = re.compile(rf"\bhow many((?:\s[\w'’-]+){{0,3}}?\s{_PLURAL}|\s[\w'’-]+)", re.IGNORECASE)
"""What follows "how many" as far as the first plural, which is the noun: "high-tech companies"."""
_NEXT_WORDS = re.compile(r"(?:[ \u00a0][^\W\d][\w'’-]*){1,4}")
_WORD = re.compile(r"[^\W\d][\w'’-]*")
_NO_PART = frozenset(
    word
    for line in ("of in on at for to from with and or but as by", "is are was were has have had")
    for word in line.split()
)
_CLAUSE = r"(?:[^,;\n]|(?<=\d),(?=\d))*"
_CHANGE_AND_LEVEL = re.compile(
    rf"(?P<change>{_CLAUSE}\d\s?(?:%|percent\b|per\scent\b|percentage\spoints\b))(?:\s[\w-]+){{0,4}}?"
    rf"\s(?:to|from)\s(?P<level>{_CLAUSE}\d{_CLAUSE})",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|\bper\s?cent|\bpercent", re.IGNORECASE)
Loss = Callable[[int], float]
"""By how much the logit at a new place, a code-point offset in the passage, is below that of the reader's choice."""


def counted(question: str) -> frozenset[str]:
    """Stems of what the question wants counted: "How many high-tech companies ...?"; empty where it counts nothing."""
    found = _COUNTED.search(question)
    return content_stems(found.group(1)) if found else frozenset()


def prefer_fuller(text: str, span: Span, units: frozenset[str], losses: tuple[Loss, Loss]) -> Span:
    """`span` with the words that bound its number and with those counted, where the reader's losses are small."""
    at_start, at_end = losses
    start, end = fuller_start(text, span), fuller_end(text, span, units)
    return Span(
        span.start if start is None or at_start(start) > START_MARGIN else start,
        span.end if end is None or at_end(end) > END_MARGIN else end,
    )


def one_quantity(text: str, span: Span, losses: tuple[Loss, Loss]) -> Span:
    """Of "11.6 percent to 26.56 billion yuan" the part that the reader would rather have alone.

    A rise and what it led to are two answers to two questions. A range ("5 percent to 10 percent") is one.
    """
    found = _CHANGE_AND_LEVEL.fullmatch(span.of(text))
    if found is None or _PERCENT.search(found["level"]):
        return span
    at_start, at_end = losses
    change, level = (
        Span(span.start, span.start + found.end("change")),
        Span(span.start + found.start("level"), span.end),
    )
    return change if at_end(change.end) < at_start(level.start) else level


def fuller_start(text: str, span: Span) -> int | None:
    """Where the words begin that bound the number at the head of `span` ("more than", "nearly"), or None."""
    if not _NUMBER.match(text, span.start):
        return None
    left = max(0, span.start - _LONGEST_QUALIFIER)
    before = _QUALIFIER.search(text[left : span.start])
    return left + before.start() if before else None


def fuller_end(text: str, span: Span, units: frozenset[str]) -> int | None:
    """Where the word ends that says what the number in `span` counts, at most four words on, or None."""
    inside = span.of(text)
    if not units or not any(map(str.isdigit, inside)) or units & content_stems(inside):
        return None
    following, found = _NEXT_WORDS.match(text, span.end), None
    for word in _WORD.finditer(text, span.end, following.end() if following else span.end):
        if word.group().casefold() in _NO_PART:
            break
        if units & content_stems(word.group()):
            found = word.end()
    return found
