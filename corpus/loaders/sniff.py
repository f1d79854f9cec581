"""Which format the bytes of a file are in: their first bytes say, and only where those say nothing, the name."""

from __future__ import annotations

from pathlib import PurePosixPath

from corpus.errors import SourceError
from corpus.loaders.detect import PACKED, PROSE, SUFFIXES, Format
from corpus.loaders.limits import Limits
from corpus.loaders.unpack import open_zip, read_member

_PDF_WINDOW = 1024
_TAR_MARK = slice(257, 262)
_MAIL_WINDOW = 4096
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_TYPE = {
    b"application/epub+zip": Format.EPUB,
    b"application/vnd.oasis.opendocument.text": Format.ODT,
}
_OTHER_OFFICE = {"xl/": "a spreadsheet", "ppt/": "a set of slides"}


def sniff(name: str, data: bytes, limits: Limits) -> Format:
    """The format of `data`, read from a file called `name`; HTML, Markdown and text are not told apart here.

    Raises SourceError for what no loader reads, and for a zip container that is damaged or unpacks to too much.
    """
    named = SUFFIXES.get(PurePosixPath(name).suffix.lower(), Format.TEXT)
    if b"%PDF-" in data[:_PDF_WINDOW] and named not in (Format.MAIL, Format.MHTML):
        return Format.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, limits)
    if data.startswith(b"\x1f\x8b"):
        return Format.GZIP
    if data[_TAR_MARK] == b"ustar":
        return Format.TAR
    if data.startswith(_OLD_OFFICE):
        raise SourceError("is a file of an old office program (.doc or the like); save it as .docx")
    if named is Format.HTML and _is_saved_page(data):
        return Format.MHTML
    return named if named not in PACKED - {Format.MHTML} and named not in PROSE else Format.TEXT


def is_packed(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is no text."""
    return (
        data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", _OLD_OFFICE))
        or b"%PDF-" in data[:_PDF_WINDOW]
        or data[_TAR_MARK] == b"ustar"
    )


def _zipped(data: bytes, limits: Limits) -> Format:
    """Which of the formats that are zip containers it is."""
    with open_zip(data, limits) as archive:
        names = archive.namelist()
        if "mimetype" in names and archive.getinfo("mimetype").file_size < _PDF_WINDOW:
            stated = read_member(archive, "mimetype", _PDF_WINDOW).strip()
            if stated in _BY_TYPE:
                return _BY_TYPE[stated]
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return Format.DOCX
        for folder, what in _OTHER_OFFICE.items():
            if any(entry.startswith(folder) for entry in names):
                raise SourceError(f"is {what}; save its text as .csv or .docx")
    return Format.ZIP


def _is_saved_page(data: bytes) -> bool:
    head = data[:_MAIL_WINDOW].lower()
    return b"mime-version:" in head and b"multipart/related" in head
