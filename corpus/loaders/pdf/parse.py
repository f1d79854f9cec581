"""The door to pdfium: pages in, an extract out."""

from __future__ import annotations

import ctypes
import re
from datetime import date
from typing import Any

from corpus.errors import SourceError
from corpus.loaders.extract import Extract
from corpus.loaders.limits import Limits
from corpus.loaders.pdf.columns import in_reading_order
from corpus.loaders.pdf.lines import Line, page_lines
from corpus.loaders.pdf.paragraphs import flow
from corpus.loaders.pdf.running import without_running

_MADE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_NO_TITLE = re.compile(
    r"(?:microsoft word|untitled|document\d*$|slide \d|.*\.(?:docx?|rtf|indd|pdf|qxd|tex|odt|dvi|pages)$)", re.I
)
_MOST_CHARACTERS = 20_000_000
_LONGEST_TAG = 100
"""Bytes of UTF-16."""


def parse_pdf(data: bytes, limits: Limits) -> Extract:
    """Text, page beginnings and document information of the file in `data`; raises SourceError."""
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "is protected by a password; take it off" if "password" in str(error).lower() else "is a damaged PDF"
        raise SourceError(f"{reason} ({' '.join(str(error).split())})") from None
    try:
        if len(file) > limits.pages:
            raise SourceError(
                f"has {len(file):,} pages, over the limit of {limits.pages:,}; split it into smaller files"
            )
        pages, heights = _pages(file)
        stated, language = file.get_metadata_dict(), _language(file)
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"is a damaged PDF ({' '.join(str(error).split())})") from None
    finally:
        file.close()
    text, starts = flow([in_reading_order(lines) for lines in without_running(pages, heights)])
    if not text.strip():
        raise SourceError(
            f"has {len(pages):,} pages and no text layer, as scans have; run character recognition on it first"
        )
    title = " ".join(_clean(stated.get("Title", "")).split())
    return Extract(
        text=text,
        title=title if title and not _NO_TITLE.match(title) else None,
        author=" ".join(_clean(stated.get("Author", "")).split()) or None,
        created=_day(stated.get("CreationDate", "")),
        updated=_day(stated.get("ModDate", "")),
        language=language,
        pages=starts,
    )


def _pages(file: Any) -> tuple[list[list[Line]], list[float]]:  # noqa: ANN401 - pypdfium2 ships no types
    """The lines of every page, and its height."""
    pages: list[list[Line]] = []
    heights: list[float] = []
    size = 0
    for number in range(len(file)):
        page = file[number]
        try:
            pages.append(page_lines(page))
            heights.append(float(page.get_height()))
        finally:
            page.close()
        size += sum(len(line.text) for line in pages[-1])
        if size > _MOST_CHARACTERS:
            raise SourceError(f"has more than {_MOST_CHARACTERS:,} characters; split it into smaller files")
    return pages, heights


def _language(file: Any) -> str | None:  # noqa: ANN401 - pypdfium2 ships no types
    """The language of the whole file, where its catalogue states one."""
    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(file, None, 0)
    if not 2 < size <= _LONGEST_TAG:
        return None
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(file, buffer, size)
    return "".join(map(chr, buffer)).rstrip("\0") or None


def _day(stated: str) -> date | None:
    """The day in a date of PDF's own form."""
    found = _MADE.match(stated)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _clean(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
