"""The enumeration around a span: the items of a list of lines, or of a sentence that parts them by marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.spacing import trimmed
from corpus.types import Span
from qa.sentences import sentence_of

_LINE = re.compile(r"^[^\S\n]*(?:[-*•–]|\d{1,2}[.)])[^\S\n]+(?P<item>\S.*?)[^\S\n]*$", re.MULTILINE)
_SEMICOLON = re.compile(r"\s*;\s(?:and\s|or\s)?", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s(?P<last>and\s|or\s|as\swell\sas\s)?", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|or|as\swell\sas|&)\s", re.IGNORECASE)
_AS_WELL = re.compile(r"\sas\swell\sas\s", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:\b(?:are|were|is|was|includ(?:e[sd]?|ing)|namely|such\sas|named?|from|chose|refer\sto|consists?\sof|covers?|like|in|of|at|by|"
    r"between|among|for|to|has|have|had|lists?|sells?|makes?|won|blamed|with)\s(?:the\s|both\s)?|:\s)(?=\S)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s(?:were|was|are|is|have|has|had|will|would|should|must|may|can|chose|came|went|which|who|that|where|said|took|served|all)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:which|who|where|while|but|because|it|he|she|they|although|so|when|with|after|before|said|says)\b",
    re.IGNORECASE,
)
_REACH = 5000
"""Characters before and behind a span in which the lines of its list are looked for."""
_LONGEST_ITEM = 12
"""Words; a longer part between marks is a clause."""


def enumeration_around(text: str, span: Span, wanted: int = 0) -> list[Span]:
    """The items of the enumeration that `span` is a part of, in order; none where there are fewer than two.

    "A, B and C and D" has several readings; the one with `wanted` items is taken where there is one.
    """
    if lines := _lines(text, span):
        return lines
    readings = [items for items in _readings(text, _grown(text, span)) if len(items) > 1]
    return next((items for items in readings if len(items) == wanted), readings[0] if readings else [])


def _lines(text: str, span: Span) -> list[Span]:
    """The items of the bulleted or numbered list that holds the span; blank lines may stand between them."""
    runs: list[list[Span]] = []
    for match in _LINE.finditer(text, max(0, text.rfind("\n", 0, max(0, span.start - _REACH)) + 1), span.end + _REACH):
        if runs and not text[runs[-1][-1].end : match.start()].strip():
            runs[-1].append(Span(*match.span("item")))
        else:
            runs.append([Span(*match.span("item"))])
    run = next((run for run in runs if len(run) > 1 and any(span.overlaps(item) for item in run)), [])
    return [_bare(text, item) for item in run]


def _grown(text: str, span: Span) -> Span:
    """The span with the items before and behind it that marks join to it, inside its sentence."""
    sentence = sentence_of(text, span)
    mark = _SEMICOLON if _SEMICOLON.search(text, sentence.start, sentence.end) else None
    end = span.end
    while joined := _joint(text, end, sentence.end, mark):
        stop = _next_mark(text, joined, sentence.end, mark)
        tail = _TAIL.search(text, joined + 1, stop)
        if not _is_item(text[joined : tail.start() if tail else stop]):
            break
        end = tail.start() if tail else stop
        if tail:
            break
    start = span.start
    while (joint := _joint_before(text, sentence.start, start, mark)) is not None:
        head, led = _head_before(text, sentence.start, joint, mark)
        if not _is_item(text[head:joint]):
            break
        start = head
        if led:
            break
    return Span(start, end)


def _marks(mark: re.Pattern[str] | None) -> tuple[re.Pattern[str], ...]:
    return (mark,) if mark else (_COMMA, _AND)


def _joint(text: str, at: int, limit: int, mark: re.Pattern[str] | None) -> int | None:
    """Where the next item begins, if a mark stands right behind `at`."""
    found = (one.match(text, at, limit) for one in _marks(mark))
    return next((match.end() for match in found if match), None)


def _next_mark(text: str, at: int, limit: int, mark: re.Pattern[str] | None) -> int:
    """Where the item that begins at `at` ends."""
    found = [match.start() for one in _marks(mark) if (match := one.search(text, at, limit))]
    end = min(found, default=limit)
    return end if end < limit else at + len(text[at:limit].rstrip(" .!?;"))


def _joint_before(text: str, low: int, at: int, mark: re.Pattern[str] | None) -> int | None:
    """Where the item before ends, if a mark stands right before `at`."""
    for one in _marks(mark):
        for match in one.finditer(text, low, at):
            if match.end() == at:
                return match.start()
    return None


def _head_before(text: str, low: int, end: int, mark: re.Pattern[str] | None) -> tuple[int, bool]:
    """Where the item that ends at `end` begins, and whether words that introduce the list stand before it."""
    marks = [match.end() for one in _marks(mark) for match in one.finditer(text, low, end)]
    start = max((at for at in marks if at < end), default=low)
    leads = [match.end() for match in _LEAD.finditer(text, start, end) if match.end() < end]
    return (max(leads), True) if leads else (start, start == low)


def _readings(text: str, region: Span) -> Iterator[list[Span]]:
    """The items of the region, from the most likely way to part them to the least."""
    if _SEMICOLON.search(text, region.start, region.end):
        yield [_bare(text, item) for item in _cut(text, region, _SEMICOLON)]
        return
    whole = _cut(text, region, _COMMA)
    closed = [match for match in _COMMA.finditer(text, region.start, region.end) if match["last"]]
    last = whole[-1]
    split = [*whole[:-1], *_cut(text, last, _AS_WELL if _AS_WELL.search(text, last.start, last.end) else _AND)]
    if joint := _AS_WELL.search(text, region.start, region.end):
        # What stands behind "as well as" is one item, whatever marks it holds.
        head = _cut(text, Span(region.start, joint.start()), _COMMA)
        yield [_bare(text, item) for item in (*head, Span(joint.end(), region.end))]
    if pair := list(_AND.finditer(text, last.start, last.end)):
        at_last = [*whole[:-1], Span(last.start, pair[-1].start()), Span(pair[-1].end(), last.end)]
    else:
        at_last = whole
    all_split = [part for item in whole for part in _cut(text, item, _AND)]
    ranked = (whole, split, at_last, all_split) if closed and len(whole) > 1 else (split, at_last, whole, all_split)
    for items in ranked:
        yield [_bare(text, item) for item in items]


def _cut(text: str, span: Span, mark: re.Pattern[str]) -> list[Span]:
    """The parts of `span` between the marks."""
    cuts = [match.span() for match in mark.finditer(text, span.start, span.end)]
    starts, ends = [span.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), span.end]
    return [Span(start, max(start, end)) for start, end in zip(starts, ends, strict=True)]


def _is_item(words: str) -> bool:
    return 0 < len(words.split()) <= _LONGEST_ITEM and _CLAUSE.match(words.lstrip()) is None


def _bare(text: str, item: Span) -> Span:
    """The item without blanks, the mark at its end and the little word at its head."""
    end = item.end
    while end > item.start and (text[end - 1] in ".;,!?" or text[end - 1].isspace()):
        end -= 1
    head = re.match(r"(?:and|or|in|at|of|with|from|by)\s", text[item.start : end], re.IGNORECASE)
    return trimmed(text, item.start + (head.end() if head else 0), end) or Span(item.start, end)
