"""From lines to paragraphs: words parted at a line's end are one again, and every page's beginning is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from corpus.loaders.pdf.lines import Line

_FAR = 1.35
"""A line this many usual distances below the one before begins a paragraph."""
_OTHER_SIZE = 0.15
_INDENT = (0.7, 6.0)
"""Heights of a line by which the first line of a paragraph is set in."""
_RAGGED = 0.85
_ENDED = re.compile(r"[.!?:;。！？][\"'”’»)\]]{0,3}$")
_ITEM = re.compile(r"[•‣◦▪●·–*]\s")
_COMPOUND = re.compile(r"\b[^\W\d_]+-[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")

Column = Sequence[Line]


def flow(pages: Sequence[Sequence[Column]]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages, and where in it each begins."""
    compounds = _compounds(pages)
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    last: Line | None = None
    for columns in pages:
        starts.append(length)
        begun = False
        for column in columns:
            gaps = _gaps(column, last)
            for line, gap in zip(column, gaps, strict=True):
                glue = "" if last is None else gap
                if last is not None and last.hyphen:
                    glue = _hyphen(last, line, compounds)
                if not begun:
                    starts[-1] = length + len(glue)
                    begun = True
                pieces += (glue, line.text)
                length += len(glue) + len(line.text)
                last = line
    # A page without words begins where the next does.
    return "".join(pieces), tuple(min(start, length) for start in starts)


def _gaps(column: Column, last: Line | None) -> Iterator[str]:
    """What stands before each line of a column: nothing is between words of a line but a blank."""
    left, right = min(line.left for line in column), max(line.right for line in column)
    distances = [before.bottom - after.bottom for before, after in pairwise(column) if before.bottom > after.bottom]
    usual = median(distances) if distances else 0.0
    yield "\n\n" if last is None or not _goes_on(last, column[0]) else " "
    for before, line in pairwise(column):
        yield _gap(before, line, (left, right), usual)


def _gap(before: Line, line: Line, sides: tuple[float, float], usual: float) -> str:
    """A blank where the paragraph goes on, a line end where its line was left short, else a blank line."""
    left, right = sides
    distance = before.bottom - line.bottom
    if distance < 0 or distance > _FAR * usual or abs(line.height - before.height) > _OTHER_SIZE * before.height:
        return "\n\n"
    indent = line.left - max(left, before.left)
    if _INDENT[0] * line.height < indent < _INDENT[1] * line.height and before.left < left + _INDENT[0] * line.height:
        return "\n\n"
    if before.right - left + line.first_word + 0.3 * line.height < _RAGGED * (right - left):
        return "\n\n" if _ENDED.search(before.text) else "\n"
    return "\n" if _ITEM.match(line.text) else " "


def _goes_on(last: Line, first: Line) -> bool:
    """Whether a column or a page begins in the middle of a sentence."""
    return not _ENDED.search(last.text) and first.text[:1].islower() and abs(first.height - last.height) < 1.0


def _hyphen(last: Line, line: Line, compounds: set[str]) -> str:
    """What joins a word parted at a line's end: a hyphen that it has elsewhere too, or before a capital or a figure."""
    before, after = _LAST_WORD.search(last.text), _FIRST_WORD.match(line.text)
    if before is None or after is None or not after.group()[0].islower():
        return "-"
    return "-" if f"{before.group()}-{after.group()}".casefold() in compounds else ""


def _compounds(pages: Sequence[Sequence[Column]]) -> set[str]:
    """The words with a hyphen that stand within lines."""
    lines = (line.text for columns in pages for column in columns for line in column)
    return {found.group().casefold() for text in lines for found in _COMPOUND.finditer(text)}
