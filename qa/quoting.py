"""Fuller readings of a number: "more than 14,000", not "14,000", where the reader is nearly as content with them.

Annotators cut numbers short as often as not, so the reader's scores for the two are close; a person who quotes the
shorter one may say something that the article does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.types import Span

MARGIN = 2.0
"""How much of its score (a sum of two logits) a span may lose by being fuller."""
_QUALIFIER = re.compile(
    r"\b(?:(?:(?:no|slightly|well|a little)\s)?(?:more|less|fewer|greater|higher|lower)\sthan|(?:just\s)?(?:over|under)"
    r"|about|around|nearly|almost|at\s(?:least|most)|up\sto|as\s(?:many|much|few|little)\sas|approximately|roughly"
    r"|close\sto|(?:an\s)?estimated|only|above|below|exceeding|some)\s$",
    re.IGNORECASE,
)
_LONGEST_QUALIFIER = 24
_NUMBER = re.compile(r"(?:[A-Z]{0,3}[$€£¥])?\d")


def fuller(text: str, span: Span) -> Span | None:
    """The number at the head of `span` with the words before it that bound it, or None."""
    if not _NUMBER.match(text, span.start):
        return None
    left = max(0, span.start - _LONGEST_QUALIFIER)
    before = _QUALIFIER.search(text[left : span.start])
    return Span(left + before.start(), span.end) if before else None


def prefer_fuller(text: str, span: Span, loss: Callable[[Span], float]) -> Span:
    """The fuller reading where the reader loses at most MARGIN by it, else `span`; `loss` is in logits."""
    candidate = fuller(text, span)
    return candidate if candidate is not None and loss(candidate) <= MARGIN else span
