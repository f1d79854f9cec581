"""The units that passages are made of: whole sentences, and of a sentence that is too long its clauses.

A block boundary always ends a unit. Each unit is counted in word-pieces once, because counting is the slow part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.punkt import punkt_spans
from corpus.spacing import trimmed
from corpus.types import Span, TokenCounter

MAX_CHARACTERS = 1000
"""No unit is longer, whatever its count says: an encoder sees one unknown word in an endless run of letters."""

_BLANK = re.compile(r"\s")
_CLAUSE = re.compile(r"[;:]\s|[；：。！？]|\s[–—]\s")
_COMMA = re.compile(r",\s|[，、]")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a clause with its number of word-pieces; `span` has no blank at either end."""

    span: Span
    tokens: int


def units(text: str, span: Span, count_tokens: TokenCounter, limit: int) -> Iterator[Unit]:
    """The units of the block at `span`, in order; they cover every character of it that is not blank.

    None counts more than `limit` word-pieces unless it is a single character.
    """
    for sentence in punkt_spans(text, span):
        yield from _within(text, sentence, count_tokens, limit)


def _within(text: str, span: Span, count_tokens: TokenCounter, limit: int) -> Iterator[Unit]:
    """The stretch at `span` in as few parts as keep to the limits."""
    waiting = [span]
    while waiting:
        part = waiting.pop()
        if len(part) > MAX_CHARACTERS:
            waiting.extend(reversed(_parts(text, part, -(-len(part) // (MAX_CHARACTERS * 3 // 4)))))
            continue
        tokens = count_tokens(part.of(text))
        if tokens <= limit or len(part) == 1:
            yield Unit(part, tokens)
        else:
            waiting.extend(reversed(_parts(text, part, max(2, -(-tokens * 5 // (limit * 4))))))


def _parts(text: str, span: Span, number: int) -> list[Span]:
    """`span` in about `number` parts of like length, cut at the best marks near the even cuts; at least two parts."""
    size = max(1, len(span) // number)
    slack = size * 2 // 5
    parts: list[Span] = []
    start = span.start
    while span.end - start > size + slack:
        cut = _cut(text, start + max(1, size - slack), start + size + slack, start + size)
        parts.append(Span(start, cut))
        start = cut
    parts.append(Span(start, span.end))
    return [words for part in parts if (words := trimmed(text, part.start, part.end))]


def _cut(text: str, low: int, high: int, ideal: int) -> int:
    """Where to cut between `low` and `high`: after a clause mark, a comma or a blank, the nearest to `ideal`."""
    for mark in (_CLAUSE, _COMMA, _BLANK):
        ends = [match.end() for match in mark.finditer(text, low, high)]
        if ends:
            return min(ends, key=lambda end: abs(end - ideal))
    cut = ideal
    while cut < high and _belongs_to_the_last(text, cut):
        cut += 1
    return cut


def _belongs_to_the_last(text: str, position: int) -> bool:
    """Whether the character at `position` is written onto the one before it: an accent, a part of an emoji."""
    character = text[position]
    return (
        unicodedata.combining(character) != 0
        or character in _JOINERS
        or text[position - 1] == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
