"""Lines and paragraphs: which line ends only break a sentence that was set in lines, and which part two paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.types import Span

_WRAP_WIDTHS = range(40, 121)
"""Characters: text set with hard line ends is at least and at most this wide."""
_RAGGED = 0.85
"""A wrapped line ends where the next word would pass this share of the width (hand-set lines are a little ragged)."""
_LIST_MARK = re.compile(r"[•‣◦▪●·*+–-]\s|\(?(?:\d{1,3}|[a-z])[.)]\s", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\S{0,40}")


def paragraphs(text: str) -> Iterator[tuple[Span, ...]]:
    """The non-blank stretches of `text` between blank lines, each as the spans of its paragraphs.

    A paragraph is one line, or several that were one before they were set with hard line ends. No span has a blank
    character at either end, and together they cover every character that is not blank.
    """
    group: list[Span] = []
    position = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if words:
            start = position + len(line) - len(line.lstrip())
            group.append(Span(start, start + len(words)))
        elif group:
            yield tuple(_joined(text, group))
            group = []
        position += len(line)
    if group:
        yield tuple(_joined(text, group))


def _joined(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """The paragraphs of a stretch of lines without a blank one among them."""
    width = max(len(line) for line in lines)
    start = lines[0].start
    for line, following in pairwise(lines):
        if not _runs_on(text, line, following, width):
            yield Span(start, line.end)
            start = following.start
    yield Span(start, lines[-1].end)


def _runs_on(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether `following` goes on with the paragraph of `line`: its first word would not have fitted there."""
    if width not in _WRAP_WIDTHS or _LIST_MARK.match(text, following.start, following.end):
        return False
    first = _FIRST_WORD.match(text, following.start, following.end)
    needed = len(line) + 1 + (len(first.group()) if first else 0)
    return needed > _RAGGED * width
