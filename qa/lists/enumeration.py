"""The enumeration around a span: the items of a list of lines, or of a sentence that parts them by marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.spacing import trimmed
from corpus.types import Span
from qa.sentences import sentence_of

_LINE = re.compile(r"^[^\S\n]*(?:[-*•–]|\d{1,2}[.)])[^\S\n]+(?P<item>\S.*?)[^\S\n]*$", re.MULTILINE)
_SEMICOLON = re.compile(r"\s*;\s(?:and\s|or\s)?", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s(?P<last>and\s|or\s|as\swell\sas\s)?", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|or|as\swell\sas|&)\s", re.IGNORECASE)
_AS_WELL = re.compile(r"\sas\swell\sas\s", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:\b(?:are|were|is|was|includ(?:e[sd]?|ing)|namely|such\sas|named?|from|chose|refer\sto|consists?\sof|covers?|like|in|of|at|"
    r"between|for|by|to|has|have|had|lists?|sells?|makes?|won|plants?)\s(?:the\s|both\s)?|:\s)(?=\S)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s(?:were|was|are|is|have|has|had|will|would|chose|came|went|which|who|that|where|said|took|all)\b", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"(?:which|who|where|while|but|because|it|he|she|they|although|so|when|as|with|after|before|said|says)\b",
    re.IGNORECASE,
)
_LONGEST_ITEM = 12
"""Words; a longer part between commas is a clause."""


def enumeration_around(text: str, span: Span, wanted: int = 0) -> list[Span]:
    """The items of the enumeration that `span` touches, in order; none where there are fewer than two.

    "A, B and C and D" has several readings; the one with `wanted` items is taken where there is one.
    """
    if lines := _lines(text, span):
        return lines
    readings = [items for items in _readings(text, span) if len(items) > 1]
    return next((items for items in readings if len(items) == wanted), readings[0] if readings else [])


def _lines(text: str, span: Span) -> list[Span]:
    """The items of the bulleted or numbered list that holds the span; blank lines may stand between them."""
    runs: list[list[Span]] = []
    for match in _LINE.finditer(text):
        if runs and not text[runs[-1][-1].end : match.start()].strip():
            runs[-1].append(Span(*match.span("item")))
        else:
            runs.append([Span(*match.span("item"))])
    run = next((run for run in runs if len(run) > 1 and any(span.overlaps(item) for item in run)), [])
    return [_bare(text, item) for item in run]


def _readings(text: str, span: Span) -> Iterator[list[Span]]:
    """The items of the sentence, from the most likely way to part them to the least."""
    sentence = sentence_of(text, span)
    if _SEMICOLON.search(text, sentence.start, sentence.end):
        yield [_bare(text, item) for item in _items(text, span, _cut(text, sentence, _SEMICOLON))]
        return
    pieces = _cut(text, sentence, _COMMA)
    closed = [match for match in _COMMA.finditer(text, sentence.start, sentence.end) if match["last"]]
    whole = _items(text, span, pieces)
    if not whole:
        return
    last = whole[-1]
    split = [*whole[:-1], *_cut(text, last, _AS_WELL if _AS_WELL.search(text, last.start, last.end) else _AND)]
    all_split = [part for item in whole for part in _cut(text, item, _AND)]
    ordered = [whole, split] if closed and len(whole) > 2 else [split, whole]
    for items in (*ordered, all_split):
        yield [_bare(text, item) for item in items]


def _cut(text: str, span: Span, mark: re.Pattern[str]) -> list[Span]:
    """The parts of `span` between the marks."""
    cuts = [match.span() for match in mark.finditer(text, span.start, span.end)]
    starts, ends = [span.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), span.end]
    return [Span(start, max(start, end)) for start, end in zip(starts, ends, strict=True)]


def _items(text: str, span: Span, pieces: Sequence[Span]) -> list[Span]:
    """The run of short parts that holds the span, its lead and its tail cut off."""
    first, *rest = pieces
    headed = [_after_lead(text, first, span), *rest]
    runs = [list(run) for short, run in groupby(headed, key=lambda piece: _is_item(text, piece)) if short]
    run = next((run for run in runs if any(span.overlaps(item) for item in run)), [])
    if not run:
        return []
    last = run[-1]
    tail = _TAIL.search(text, last.start + 1, last.end)
    return [*run[:-1], Span(last.start, tail.start()) if tail else last]


def _after_lead(text: str, piece: Span, span: Span) -> Span:
    """The first part from behind the last words that introduce a list before the span ends, or the part as it is."""
    leads = [match.end() for match in _LEAD.finditer(text, piece.start, piece.end)]
    inside = [end for end in leads if end <= span.start or span.start >= piece.end]
    start = max(inside, default=piece.start)
    if piece.start <= span.start < piece.end and (span.start - start > 0 and not inside):
        start = span.start
    return Span(start, max(start, piece.end))


def _is_item(text: str, piece: Span) -> bool:
    words = piece.of(text).split()
    return 0 < len(words) <= _LONGEST_ITEM and _CLAUSE.match(words[0]) is None


def _bare(text: str, item: Span) -> Span:
    """The item without blanks, the mark at its end and the little word at its head."""
    end = item.end
    while end > item.start and (text[end - 1] in ".;,!?" or text[end - 1].isspace()):
        end -= 1
    head = re.match(r"(?:and|or|in|at|of|with|from|by)\s", text[item.start : end], re.IGNORECASE)
    return trimmed(text, item.start + (head.end() if head else 0), end) or Span(item.start, end)
