"""What a number counts: the words right behind it, up to the first that is no part of a noun."""

from __future__ import annotations

import re

from corpus.types import Span

_WORD = re.compile(r"\s?-?([^\W\d_][\w’'-]*)")
_STOP = frozenset(
    word
    for line in (
        "a an and are as at because but by did do does during for from had has have if in into is it its more",
        "of on or out per than that the their then they this to until up was we were when where which while",
        "who will with would year years day days month months",
    )
    for word in line.split()
)
_MOST = 2


def counted_span(text: str, end: int) -> Span:
    """Where the counted words stand behind a number that ends at `end`; empty where none do."""
    stop = end
    for _ in range(_MOST):
        match = _WORD.match(text, stop)
        if match is None or match[1].casefold() in _STOP:
            break
        stop = match.end()
    return Span(end, stop)


def counted_words(words: str) -> list[str]:
    """Of the words behind a number those that it counts."""
    return counted_span(f" {words}", 0).of(f" {words}").split()
