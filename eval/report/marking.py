"""A passage cut into pieces of text with marks: where the gold answer stands, where the predicted one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from corpus.types import Span

Segments = list[list[str]]
"""Pieces `[text, mark]` that together are the passage; mark is "", "p" (predicted), "g" (gold) or "pg" (both)."""


def segments(text: str, predicted: Iterable[Span], gold: Iterable[Span]) -> Segments:
    """Cut `text` at the ends of the spans (in coordinates of `text`); spans reaching outside are cut to it."""
    marks = [*(("p", span) for span in predicted), *(("g", span) for span in gold)]
    cuts = {0, len(text)}
    for _, span in marks:
        cuts |= {min(span.start, len(text)), min(span.end, len(text))}
    edges = sorted(cuts)
    pieces = []
    for start, end in pairwise(edges):
        over = {mark for mark, span in marks if span.start <= start and end <= span.end}
        pieces.append([text[start:end], "".join(mark for mark in "pg" if mark in over)])
    return pieces


def occurrences(text: str, answers: Iterable[str]) -> list[Span]:
    """Where the answers stand in `text` as whole words, to the letter; longer answers first, overlaps left out."""
    found: list[Span] = []
    for answer in sorted(set(answers), key=len, reverse=True):
        start = text.find(answer) if answer else -1
        while start >= 0:
            span = Span(start, start + len(answer))
            if _whole_words(text, span) and not any(span.overlaps(other) for other in found):
                found.append(span)
            start = text.find(answer, start + 1)
    return sorted(found)


def _whole_words(text: str, span: Span) -> bool:
    """Whether neither end of the span cuts a word, or a number at its point or comma."""
    before, inside, after = text[max(0, span.start - 2) : span.start], span.of(text), text[span.end : span.end + 2]
    return not _cuts(before, inside[:1]) and not _cuts(inside[-1:], after)


def _cuts(left: str, right: str) -> bool:
    """Whether the place between `left` and `right` lies inside a word or a number."""
    if not left or not right:
        return False
    return (left[-1] + right[0]).isalnum() or bool(_NUMBER.match(left + right))


_NUMBER = re.compile(r"\d[.,]\d")
