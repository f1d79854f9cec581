"""The order in which the lines of a page are read: down one column and then the next, around what spans both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.loaders.pdf.lines import Line

_FEWEST = 4
"""Lines that make a column."""
_FULL = 0.55
"""The lines of a column fill this share of its width on average; the cells of a table fill less."""
_CROSSING = 0.25
"""At most this share of the lines of a page in columns runs across them."""
_STEP = 3.0
_TOP_DOWN = 0.9
_DEEPEST = 3
"""Columns are looked for inside columns as often as this: three side by side are two and one."""
_TOUCHING = 1.0

Column = list[Line]


def in_reading_order(lines: Sequence[Line], depth: int = 0) -> list[Column]:
    """The lines of a page as columns, one after the other, in the order of reading."""
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        return [_top_down(lines)] if lines else []
    columns: list[Column] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if line.left < gutter - _TOUCHING and line.right > gutter + _TOUCHING:
            columns.extend(_side_by_side(band, gutter, depth))
            band = []
            _append(columns, line)
        else:
            band.append(line)
    columns.extend(_side_by_side(band, gutter, depth))
    return columns


def _append(columns: list[Column], line: Line) -> None:
    """Add a line that spans the columns, to the one before where that spans them too."""
    if (
        columns
        and abs(columns[-1][0].left - line.left) < line.height
        and columns[-1][-1].right > line.left + line.height
    ):
        previous = columns[-1][-1]
        if previous.bottom >= line.bottom and previous.bottom - line.top < 2 * line.height:
            columns[-1].append(line)
            return
    columns.append([line])


def _side_by_side(band: Sequence[Line], gutter: float, depth: int) -> Iterator[Column]:
    """The columns left and right of the gutter; where they do not stand side by side, the order is that of the page."""
    left = [line for line in band if (line.left + line.right) / 2 < gutter]
    right = [line for line in band if (line.left + line.right) / 2 >= gutter]
    for side in (left, right):
        yield from in_reading_order(side, depth + 1)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the page is parted into columns, None where it is not."""
    if len(lines) < 2 * _FEWEST:
        return None
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    best: tuple[int, float, float] | None = None
    steps = min(400, int((high - low) / _STEP))
    for step in range(steps // 5, steps - steps // 5):
        x = low + step * _STEP
        crossing = sum(line.left < x - _TOUCHING and line.right > x + _TOUCHING for line in lines)
        # Of gutters crossed alike the one nearest to the middle of the white is wanted: the last tie counts as well.
        score = (crossing, abs((low + high) / 2 - x), x)
        if best is None or score < best:
            best = score
    if best is None or best[0] > _CROSSING * len(lines):
        return None
    return best[2] if _are_columns(lines, best[2]) else None


def _are_columns(lines: Sequence[Line], gutter: float) -> bool:
    """Whether what stands on either side of the gutter is running text, at the same height."""
    sides = (
        [line for line in lines if line.right <= gutter + _TOUCHING],
        [line for line in lines if line.left >= gutter - _TOUCHING],
    )
    for side in sides:
        if len(side) < _FEWEST:
            return False
        width = max(line.right for line in side) - min(line.left for line in side)
        rows = len({round(line.bottom) for line in side})  # a side may hold several columns itself
        if width <= 0 or sum(line.right - line.left for line in side) < _FULL * width * rows:
            return False
    tops = [(min(line.bottom for line in side), max(line.top for line in side)) for side in sides]
    return min(tops[0][1], tops[1][1]) > max(tops[0][0], tops[1][0])


def _top_down(lines: Sequence[Line]) -> Column:
    """The lines as the file draws them if that is downwards, else from top to bottom; cells of a row are one line."""
    descending = sum(after.bottom <= before.top for before, after in pairwise(lines))
    ordered = list(lines)
    if descending < _TOP_DOWN * (len(lines) - 1):
        ordered.sort(key=lambda line: (-round(line.bottom / max(1.0, line.height / 2)), line.left))
    merged: Column = []
    for line in ordered:
        if merged and _on_one_line(merged[-1], line):
            merged[-1] = _joined(merged[-1], line)
        else:
            merged.append(line)
    return merged


def _on_one_line(before: Line, after: Line) -> bool:
    overlap = min(before.top, after.top) - max(before.bottom, after.bottom)
    return after.left >= before.right - 1 and overlap > 0.5 * min(before.height, after.height)


def _joined(before: Line, after: Line) -> Line:
    return Line(
        text=f"{before.text} {after.text}",
        left=before.left,
        bottom=min(before.bottom, after.bottom),
        right=after.right,
        top=max(before.top, after.top),
        first_word=before.first_word,
        hyphen=after.hyphen,
    )
