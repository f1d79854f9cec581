"""Word files: python-docx reads them, this module writes paragraphs, lists and tables down as lines."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from corpus.errors import SourceError
from corpus.loaders.extract import Extract
from corpus.loaders.limits import Limits
from corpus.loaders.markdown import BULLET
from corpus.loaders.table import table_text
from corpus.loaders.unpack import open_zip, read_member

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_ENTITY_WINDOW = 65536
_TEMPLATE_MADE = date(2013, 12, 23)
"""The date in python-docx's own template, which every file made with it bears unless it is set."""
_MOST_NESTED = 5
_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError, TypeError, IndexError)
"""What python-docx is known to raise on broken files."""


def parse_docx(data: bytes, limits: Limits) -> Extract:
    """Text and core properties of the file in `data`; raises SourceError."""
    _check_parts(data, limits)
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        file = docx.Document(io.BytesIO(data))
        text = "\n\n".join(block for block in _blocks(file) if block.strip())
        properties = file.core_properties
        made, changed = _day(properties.created), _day(properties.modified)
    except (PackageNotFoundError, LxmlError, *_DAMAGED) as error:
        raise SourceError(f"is a damaged Word file ({type(error).__name__}: {_words(error)}); save it again") from None
    return Extract(
        text,
        title=properties.title or None,
        author=properties.author if properties.author != "python-docx" else None,
        language=properties.language or None,
        created=made if made != _TEMPLATE_MADE else None,
        updated=changed if changed != _TEMPLATE_MADE else None,
    )


def _check_parts(data: bytes, limits: Limits) -> None:
    """Look for entities before a parser sees them."""
    with open_zip(data, limits) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")):
                part = read_member(archive, entry, limits.text_bytes)
                if b"<!ENTITY" in part[:_ENTITY_WINDOW]:
                    raise SourceError(
                        f"defines entities of its own in {entry.filename}, as files do that blow up when they are read"
                    )


def _blocks(file: WordFile) -> Iterator[str]:
    """The blocks of the body; the items of a list are lines of one block."""
    from docx.text.paragraph import Paragraph

    items: list[str] = []
    for inner in file.iter_inner_content():
        if isinstance(inner, Paragraph):
            if _is_item(inner):
                items.append(BULLET + " ".join(inner.text.split()))
                continue
            yield "\n".join(items)
            items = []
            yield inner.text.strip()
        else:
            yield "\n".join(items)
            items = []
            yield _table(inner)
    yield "\n".join(items)


def _is_item(paragraph: Paragraph) -> bool:
    style = paragraph.style.name if paragraph.style is not None else None
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return bool(paragraph.text.strip()) and (numbered or (style or "").startswith("List"))


def _table(table: Table, depth: int = 0) -> str:
    """A table as lines, the tables in its cells as words of them."""
    rows = [[_cell_words(cell, depth) for cell in row.cells] for row in table.rows]
    return table_text(rows)


def _cell_words(cell: object, depth: int) -> str:
    from docx.table import Table, _Cell

    if not isinstance(cell, _Cell):
        return ""
    parts = [
        (_table(inner, depth + 1) if depth < _MOST_NESTED else "") if isinstance(inner, Table) else inner.text
        for inner in cell.iter_inner_content()
    ]
    return " ".join(" ".join(parts).split())


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
