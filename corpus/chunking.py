"""Passages: runs of whole sentences near one size, overlapping a little, that never reach across page furniture."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.cleaning import blocks
from corpus.furniture import is_photo_credit
from corpus.sentences import units
from corpus.settings import ChunkSettings
from corpus.types import Block, BlockKind, Document, Passage, Span, TokenCounter

_CONTEXT_GAP = " › "
_CHARACTERS_PER_TOKEN = 20
"""A passage spans at most this many characters, blanks included, for each word-piece it may have."""
_STILL_SMALL = 0.75
"""A passage below this share of its target rather grows past the target than stays small."""
_LONG_OVERLAP = 1.5
"""One sentence may pass the overlap by this factor, or a text of long sentences would have no overlap at all."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A unit, and whether it stands in a heading (the title included)."""

    span: Span
    tokens: int
    heading: bool


def chunk(
    document: Document,
    count_tokens: TokenCounter,
    *,
    settings: ChunkSettings | None = None,
    repeated: Collection[Span] = (),
) -> tuple[Passage, ...]:
    """The passages of `document` in order.

    Together they cover every character that is neither blank nor furniture; none has a blank at an end. `count_tokens`
    is called once for each sentence (and once for each part of one that is too long). `repeated` are the spans of
    blocks that are furniture because they stand in many articles.
    """
    settings = settings or ChunkSettings()
    cut = blocks(document.text, repeated)
    marks = _marks(document.text, cut)
    passages: list[Passage] = []
    for segment in _segments(cut):
        pieces = [piece for block in segment for piece in _pieces(document.text, block, count_tokens, settings)]
        spans = _spans(pieces, settings)
        passages.extend(Passage.of(document, span, _context(document, span, marks)) for span in spans)
    return tuple(passages)


def _marks(text: str, cut: Sequence[Block]) -> list[tuple[int, str]]:
    """Where the heading changes, and to what: to none where page furniture other than a picture ends a section."""
    marks: list[tuple[int, str]] = [(-1, "")]
    for block in cut:
        words = block.span.of(text)
        if block.kind is BlockKind.HEADING:
            marks.append((block.span.start, " ".join(words.split())))
        elif block.kind is BlockKind.FURNITURE and not is_photo_credit(words):
            marks.append((block.span.start, ""))
    return marks


def _segments(cut: Sequence[Block]) -> Iterator[list[Block]]:
    """The runs of blocks without furniture among them."""
    for furniture, run in groupby(cut, key=lambda block: block.kind is BlockKind.FURNITURE):
        if not furniture:
            yield list(run)


def _pieces(text: str, block: Block, count_tokens: TokenCounter, settings: ChunkSettings) -> Iterator[_Piece]:
    """The units of one block."""
    heading = block.kind is not BlockKind.BODY
    for unit in units(text, block.span, count_tokens, settings.sentence):
        yield _Piece(unit.span, unit.tokens, heading)


def _spans(pieces: Sequence[_Piece], settings: ChunkSettings) -> Iterator[Span]:
    """The spans of the passages of one segment."""
    start = fresh = 0
    while fresh < len(pieces):
        end = _end(pieces, start, fresh, settings)
        yield Span(pieces[start].span.start, pieces[end - 1].span.end)
        start, fresh = _next_start(pieces, start, end, settings), end


def _end(pieces: Sequence[_Piece], start: int, fresh: int, settings: ChunkSettings) -> int:
    """Where the passage from `start` ends, whose pieces before `fresh` repeat the last one's; at least `fresh` + 1."""
    total = sum(piece.tokens for piece in pieces[start : fresh + 1])
    end = fresh + 1
    while end < len(pieces) and _takes(pieces, start, end, total, settings):
        total += pieces[end].tokens
        end += 1
    while end < len(pieces) and end > fresh + 1 and pieces[end - 1].heading:
        end -= 1
    return end


def _takes(pieces: Sequence[_Piece], start: int, end: int, total: int, settings: ChunkSettings) -> bool:
    """Whether the passage `start`..`end` of `total` word-pieces goes on with the piece at `end`."""
    piece = pieces[end]
    grown = total + piece.tokens
    if grown > settings.maximum or not _near(pieces[start], piece, settings):
        return False
    if piece.heading and not pieces[end - 1].heading:
        return 2 * total < settings.target
    if grown <= settings.target or total < _STILL_SMALL * settings.target:
        return True
    return _is_the_rest(pieces, start, end, total, settings)


def _is_the_rest(pieces: Sequence[_Piece], start: int, end: int, total: int, settings: ChunkSettings) -> bool:
    """Whether all that is left of the segment still fits, so that no scrap is left over."""
    for number in range(end, len(pieces)):
        piece = pieces[number]
        total += piece.tokens
        if total > settings.maximum or piece.heading or not _near(pieces[start], piece, settings):
            return False
    return True


def _near(first: _Piece, last: _Piece, settings: ChunkSettings) -> bool:
    """Whether the stretch from `first` to `last` is short enough in characters."""
    return last.span.end - first.span.start <= _CHARACTERS_PER_TOKEN * settings.maximum


def _next_start(pieces: Sequence[_Piece], start: int, end: int, settings: ChunkSettings) -> int:
    """Where the passage after `start`..`end` begins: some sentences before `end`, or there when a heading follows."""
    if end == len(pieces) or pieces[end].heading:
        return end
    first, total = end, 0
    while first - 1 > start and not pieces[first - 1].heading:
        total += pieces[first - 1].tokens
        if total > settings.overlap * (_LONG_OVERLAP if first == end else 1):
            total -= pieces[first - 1].tokens
            break
        first -= 1
    fits = total + pieces[end].tokens <= settings.maximum and _near(pieces[first], pieces[end], settings)
    return first if fits else end


def _context(document: Document, span: Span, marks: Sequence[tuple[int, str]]) -> str:
    """Title and heading above the passage at `span`, without what its own text already says."""
    text = " ".join(span.of(document.text).split())
    number = bisect_right(marks, span.start, key=lambda mark: mark[0]) - 1
    parts = (document.title, marks[number][1])
    return _CONTEXT_GAP.join(part for part in parts if part and part not in text)
