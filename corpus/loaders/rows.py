"""Files with an article in each row (CSV, JSONL). A CSV without a column of text is a table, and one article."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.dates import find_date
from corpus.errors import SourceError
from corpus.loaders.columns import Columns
from corpus.loaders.extract import Extract, headed
from corpus.loaders.limits import Limits
from corpus.loaders.table import table_text

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_ID = 100
_HEADER_WINDOW = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is put behind its file's source to name it, and the article or the reason why it is none."""

    fragment: str
    extract: Extract | None
    reason: str = ""


def parse_csv(text: str, columns: Columns, limits: Limits) -> Iterator[Row]:
    """The articles of a CSV file in order; raises SourceError for one that is no table."""
    rows = _csv_rows(text, limits)
    names = next(rows, (0, []))[1]
    roles = columns.find(names)
    if "text" not in roles:
        if columns.text is not None:
            raise SourceError(f"has no column {columns.text!r}; its columns are {_listed(names)}")
        yield Row("", Extract(table_text([names, *(cells for _, cells in rows)], header=True)))
        return
    ids: set[str] = set()
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            row = dict(zip(names, cells, strict=False))
            yield _row(row, roles, f"#row={number}", ids)


def parse_jsonl(text: str, columns: Columns, limits: Limits) -> Iterator[Row]:
    """The articles of a JSONL file in order; a line that is no object, or has no text, is a row with a reason."""
    ids: set[str] = set()
    count = 0
    for number, line in enumerate(io.StringIO(text), start=1):
        if not line.strip():
            continue
        count += 1
        _check_count(count, limits)
        fragment = f"#line={number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield Row(fragment, None, "is not JSON")
            continue
        if not isinstance(value, dict):
            yield Row(fragment, None, f"is {type(value).__name__} in JSON, expected an object with its columns")
            continue
        row = {name: _scalar(inner) for name, inner in value.items()}
        yield _row(row, columns.find(row), fragment, ids)


def _row(row: Mapping[str, str], roles: Mapping[str, str], fragment: str, ids: set[str]) -> Row:
    """One row with the roles of its columns; its id, if it has one of its own, names it instead of its number."""
    values = {role: row.get(name, "").strip() for role, name in roles.items()}
    own = " ".join(values.get("id", "").split())
    if own and len(own) <= _LONGEST_ID and own.isprintable() and own not in ids:
        ids.add(own)
        fragment = f"#id={own}"
    if not values.get("text"):
        return Row(fragment, None, f"has no text (its columns are {_listed(list(row))})")
    title = " ".join(values.get("title", "").split()) or None
    extract = Extract(
        text=headed(title, values["text"]),
        title=title,
        published=find_date(values.get("published", "")),
        publisher=values.get("publisher") or None,
        url=values.get("url") or None,
        author=values.get("author") or None,
        updated=find_date(values.get("updated", "")),
        language=values.get("language") or None,
    )
    return Row(fragment, extract)


def _csv_rows(text: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as a spreadsheet counts them, the header being the first."""
    csv.field_size_limit(limits.text_bytes)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            _check_count(number, limits)
            yield number, cells
    except csv.Error as error:
        raise SourceError(f"is a damaged table ({error}); save it again as CSV") from None


def _delimiter(text: str) -> str:
    """The mark that parts the cells of the first line most often, a comma where none does."""
    first = text[:_HEADER_WINDOW].lstrip("\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.rows + 1:
        raise SourceError(f"has more than {limits.rows:,} rows; split it into smaller files")


def _scalar(value: object) -> str:
    """A value as words: numbers and texts, lists of them joined, and nothing of anything else."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int | float):
        return str(value) if not isinstance(value, int) or abs(value) < 10**40 else ""
    if isinstance(value, list):
        return ", ".join(words for inner in value[:100] if not isinstance(inner, list) and (words := _scalar(inner)))
    return ""


def _listed(names: list[str]) -> str:
    shown = ", ".join(" ".join(name.split())[:40] for name in names[:12])
    return f"{shown}, ..." if len(names) > 12 else shown or "none"
