r"""The same questions from a spreadsheet: CSV with a header line, as spreadsheet programs save it.

Columns `question` and `answers` are needed (several answers stand in one cell, parted by `|`; a bar that belongs to an
answer is written `\|`; an empty cell means that the articles do not say). `id`, `document`, `also`, `kind`, `form`,
`distractor` and `wrong_answers` are optional; without `id` a row is called after its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from eval.formats.lines import Place, Row, read_text

_LISTS = frozenset({"answers", "also", "wrong_answers"})
_BAR = re.compile(r"(?<!\\)\|")
_DELIMITERS = ",;\t"
# A cell of a spreadsheet holds at most 32,767 characters; some programs write more.
_LONGEST_CELL = 1_000_000


def table_rows(path: Path) -> Iterator[tuple[Place, Row]]:
    """The rows of a table as the JSON rows they stand for; comma, semicolon or tab is told from the header line."""
    text = read_text(path)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header, Place(str(path), 1))
        # The place of a row is its first line, also where a cell holds line breaks.
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield (place := Place(str(path), start)), _row(header, cells, place)
            start = reader.line_num + 1
    except csv.Error as error:
        raise Place(str(path), reader.line_num).error(f"not CSV ({error}); save the sheet as CSV again") from error


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _check_header(header: list[str], place: Place) -> None:
    for needed in ("question", "answers"):
        if needed not in header:
            raise place.error(f'the header has no column "{needed}"; the first line names the columns')
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        raise place.error(f'the header names the column "{repeated[0]}" twice; rename one')


def _row(header: list[str], cells: list[str], place: Place) -> Row:
    surplus = [cell for cell in cells[len(header) :] if cell.strip()]
    if surplus:
        raise place.error(f"{len(cells)} cells under {len(header)} columns; quote cells that hold the separator")
    padded = cells + [""] * (len(header) - len(cells))
    row: Row = {name: _value(name, cell) for name, cell in zip(header, padded, strict=False) if name}
    row.setdefault("id", f"line-{place.line}")
    if not row["id"]:
        row["id"] = f"line-{place.line}"
    return row


def _value(name: str, cell: str) -> object:
    if name not in _LISTS:
        return cell.strip()
    parts = (part.strip().replace("\\|", "|") for part in _BAR.split(cell))
    return [part for part in parts if part]
