"""OpenDocument texts: the body of `content.xml` as lines, the metadata of `meta.xml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.dates import find_date
from corpus.loaders.extract import Extract
from corpus.loaders.limits import Limits
from corpus.loaders.markdown import BULLET
from corpus.loaders.table import table_text
from corpus.loaders.unpack import open_zip, read_member
from corpus.loaders.xml import DC, parse_xml, words_at

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_SILENT = frozenset({f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}tracked-changes", f"{_TEXT}index-body"})
_MOST_REPEATS = 50
"""A cell or a blank that is repeated more often fills up a page and says nothing."""


def parse_odt(data: bytes, limits: Limits) -> Extract:
    """Text, title, author, language and dates of the file in `data`; raises SourceError."""
    with open_zip(data, limits) as archive:
        content = parse_xml(read_member(archive, "content.xml", limits.text_bytes), "content.xml")
        stated = None
        if "meta.xml" in archive.namelist():
            stated = parse_xml(read_member(archive, "meta.xml", limits.text_bytes), "meta.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    text = "\n\n".join(block for block in _blocks(body) if block.strip()) if body is not None else ""
    if stated is None:
        return Extract(text)
    path = f"{_OFFICE}meta/"
    return Extract(
        text,
        title=words_at(stated, f"{path}{DC}title"),
        author=words_at(stated, f"{path}{_META}initial-creator") or words_at(stated, f"{path}{DC}creator"),
        language=words_at(stated, f"{path}{DC}language"),
        created=find_date((words_at(stated, f"{path}{_META}creation-date") or "")[:10]),
        updated=find_date((words_at(stated, f"{path}{DC}date") or "")[:10]),
    )


def _blocks(element: _Element) -> Iterator[str]:
    """The blocks below `element`; a list or a table is one block of several lines."""
    for child in element:
        if child.tag in _SILENT or not isinstance(child.tag, str):
            continue
        if child.tag in (f"{_TEXT}h", f"{_TEXT}p"):
            yield _words(child).strip()
        elif child.tag == f"{_TEXT}list":
            yield "\n".join(_items(child))
        elif child.tag == f"{_TABLE}table":
            rows = [list(_cells(row)) for row in child.iter(f"{_TABLE}table-row")]
            heads = child.find(f"{_TABLE}table-header-rows") is not None
            yield table_text(rows, header=True if heads else None)
        else:
            yield from _blocks(child)


def _items(element: _Element) -> Iterator[str]:
    for item in element:
        for child in item:
            if child.tag == f"{_TEXT}list":
                yield from _items(child)
            elif words := " ".join(_words(child).split()):
                yield BULLET + words


def _cells(row: _Element) -> Iterator[str]:
    """The words of each cell; one that spans columns stands in each."""
    for cell in row:
        if cell.tag == f"{_TABLE}table-cell":
            words = " ".join(" ".join(_blocks(cell)).split())
            times = _count(cell.get(f"{_TABLE}number-columns-repeated") or cell.get(f"{_TABLE}number-columns-spanned"))
            yield from [words] * (times if words else min(times, 1))
        elif cell.tag == f"{_TABLE}covered-table-cell":
            continue


def _words(element: _Element) -> str:
    """The words of a paragraph: blanks, tabs and line breaks are elements of their own."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * _count(child.get(f"{_TEXT}c")))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in _SILENT:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _count(stated: str | None) -> int:
    """A count as an attribute states it, 1 where it states none that makes sense."""
    if stated is None or not (stated.isascii() and stated.isdigit()) or len(stated) > 4:
        return 1
    return min(max(1, int(stated)), _MOST_REPEATS)
