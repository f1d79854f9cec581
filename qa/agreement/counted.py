"""What a number counts: the words right behind it, up to the first that is no part of a noun."""

from __future__ import annotations

import re

from corpus.types import Span
from qa.wording import stem

_WORD = re.compile(r"\s?-?([^\W\d_][\w’'-]*)")
_STOP = frozenset(
    word
    for line in (
        "a an and are as at because but by did do does during for from had has have if in into is it its more",
        "of on or out per than that the their then they this to until up was we were when where which while",
        "who will with would year years day days month months now today currently there here also each instead alone",
        "together again ago away apart abroad back stand stands stood came come went work worked live lived only just",
    )
    for word in line.split()
)
_MOST = 2
_ALIKE = tuple(
    frozenset(stem(word) for word in line.split())
    for line in (
        "people persons employees staff workers professionals inhabitants residents citizens",
        "company companies firm firms enterprise enterprises business businesses",
    )
)
"""Nouns that articles write for one another."""


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


def like_nouns(stems: frozenset[str]) -> frozenset[str]:
    """The stems with those of words for the same."""
    return stems.union(*(alike for alike in _ALIKE if alike & stems))
