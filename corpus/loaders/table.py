"""Tables as lines that can be quoted: every cell with the headers it stands under, as one short statement.

| Indicator    | 2020 | 2021              |        Output value, 2020: 18.1 billion yuan.
| Output value | 18.1 billion yuan | ...  |   ->   Output value, 2021: 19.6 billion yuan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

CELL_GAP = " | "
"""Between the cells of a row that has no headers."""
_LONGEST_HEADER = 80
_LONGEST_CELL = 400
"""A table with a longer cell lays out a page; its cells are paragraphs."""
_MOST_COLUMNS = 50
_NUMBER = re.compile(r"[\W\d_]*\d[\W\d_]*(?:[a-z%]{1,3})?", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[-–/]\d{2,4})?")
_ENDED = re.compile(r"[.!?:;。！？]\W{0,2}$")

Row = Sequence[str]


def table_text(rows: Sequence[Row], *, header: bool | None = None) -> str:
    """The table as lines; `header` says whether the first row of several cells holds headers (None: it is guessed)."""
    grid = [[" ".join(cell.split()) for cell in row] for row in rows]
    grid = [row for row in grid if any(row)]
    width = max((len(row) for row in grid), default=0)
    if width < 2 or any(len(cell) > _LONGEST_CELL for row in grid for cell in row):
        return "\n\n".join(cell for row in grid for cell in row if cell)
    captions = _captions(grid)
    grid = grid[len(captions) :]
    if header is None:
        header = len(grid) > 1 and _has_header(grid)
    if header and len(grid) > 1:
        lines = list(_statements(grid[0], grid[1:]))
    elif width == 2:
        lines = [_pair(*row[:2]) if len(row) > 1 else row[0] for row in grid]
    else:
        lines = [CELL_GAP.join(cell for cell in row if cell) for row in grid]
    return "\n".join([*captions, *lines])


def _captions(grid: Sequence[list[str]]) -> list[str]:
    """The rows at the top that hold one cell only: a name or a note for what follows."""
    found: list[str] = []
    for row in grid:
        words = [cell for cell in row if cell]
        if len(words) > 1:
            return found
        found.append(words[0])
    return found


def _has_header(grid: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short words or years, above cells of which some are numbers."""
    first, rest = grid[0], grid[1:]
    if any(len(cell) > _LONGEST_HEADER or _ENDED.search(cell) for cell in first):
        return False
    if any(_is_number(cell) and not _YEAR.fullmatch(cell) for cell in first[1:]):
        return False
    if len(first) > 2:
        return sum(1 for cell in first if cell) >= len(first) - 1
    return len(first) == 2 and len(rest) > 1 and sum(_is_number(row[1]) for row in rest if len(row) > 1) * 2 > len(rest)


def _statements(heads: Row, rows: Sequence[Row]) -> Iterator[str]:
    """A line for every cell beside the first of its row."""
    label = ""
    for row in rows:
        label = row[0] or label
        cells = [(column, cell) for column, cell in enumerate(row[1:_MOST_COLUMNS], start=1) if cell]
        if not cells:
            yield row[0]
        for column, cell in cells:
            yield _pair(_name(label, heads[column] if column < len(heads) else ""), cell)


def _name(label: str, head: str) -> str:
    """What a cell is called: what it is of comes before the year or the number it is for."""
    if not (label and head):
        return label or head
    return f"{head}, {label}" if _is_number(label) and not _is_number(head) else f"{label}, {head}"


def _pair(name: str, cell: str) -> str:
    """A name with its value. It ends as a sentence does, or a short line would be taken for a heading."""
    if not (name and cell):
        return name or cell
    line = f"{name.rstrip(' :')}: {cell}"
    return line if _ENDED.search(line) else f"{line}."


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None
