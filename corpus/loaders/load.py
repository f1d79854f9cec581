"""One file in, its documents out, and a reason for every part that is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from corpus.errors import SourceError
from corpus.loaders.columns import DEFAULT_COLUMNS, Columns
from corpus.loaders.decode import decode
from corpus.loaders.detect import PACKED, PROSE, SUFFIXES, Format, detect
from corpus.loaders.docx import parse_docx
from corpus.loaders.epub import parse_epub
from corpus.loaders.extract import Extract
from corpus.loaders.files import read_bytes
from corpus.loaders.html import parse_html
from corpus.loaders.limits import LIMITS, Limits
from corpus.loaders.mail import parse_mail, parse_mhtml
from corpus.loaders.markdown import parse_markdown
from corpus.loaders.members import Member, members
from corpus.loaders.odt import parse_odt
from corpus.loaders.pdf import parse_pdf
from corpus.loaders.rows import Row, parse_csv, parse_jsonl
from corpus.loaders.text import parse_text
from corpus.loaders.writing import check_text, document_of
from corpus.metadata import title_from_name
from corpus.types import Document, Refusal

_PROSE = {Format.TEXT: parse_text, Format.MARKDOWN: parse_markdown, Format.HTML: parse_html}
_ROWS: dict[Format, Callable[[str, Columns, Limits], Iterator[Row]]] = {
    Format.CSV: parse_csv,
    Format.JSONL: parse_jsonl,
}
_LIMITED = {Format.PDF: parse_pdf, Format.DOCX: parse_docx, Format.ODT: parse_odt, Format.EPUB: parse_epub}
_MESSAGES = {Format.MAIL: parse_mail, Format.MHTML: parse_mhtml}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file: the documents in it, and the parts that are none, with the reason."""

    documents: tuple[Document, ...]
    refused: tuple[Refusal, ...] = ()


def load(path: Path, *, size_limit: int | None = None) -> Document:
    """The document in the file at `path`; raises SourceError (naming no path, only the reason) when there is none.

    What the file's own mark-up says of title, date and publisher goes before what its lines seem to say. A file of
    several articles is refused: `load_all` takes it.
    """
    found = load_all(path, size_limit=size_limit)
    if len(found.documents) != 1:
        if not found.documents and found.refused:
            raise SourceError(found.refused[0].reason)
        raise SourceError(f"holds {len(found.documents)} articles where one was expected; build an index of it")
    return found.documents[0]


def load_all(path: Path, columns: Columns = DEFAULT_COLUMNS, *, size_limit: int | None = None) -> Loaded:
    """All documents in the file at `path`, read in this process; raises SourceError where none of it can be read.

    A build reads all but plain text in a process of its own instead (`corpus.loaders.apart`).
    """
    data = read_bytes(path, byte_limit(path) if size_limit is None else size_limit)
    parts = [load_member(member, columns) for member in members(source_of(path), path.name, data, LIMITS)]
    refused = tuple(refusal for part in parts for refusal in part.refused)
    return Loaded(tuple(document for part in parts for document in part.documents), refused)


def byte_limit(path: Path) -> int:
    """How large the file at `path` may be: more where pictures or other files are in it."""
    packed = SUFFIXES.get(path.suffix.lower(), Format.TEXT) in PACKED
    return LIMITS.packed_bytes if packed else LIMITS.text_bytes


def load_member(member: Member, columns: Columns, limits: Limits = LIMITS) -> Loaded:
    """The documents of one member; raises SourceError where it is a file by itself and none of it can be read."""
    if member.reason is not None:
        return Loaded((), (Refusal(member.source, member.reason),))
    if member.format in _ROWS:
        return _rows(member, columns, limits)
    return Loaded((document_of(member.source, PurePosixPath(member.name).stem, _extract(member, limits)),))


def _extract(member: Member, limits: Limits) -> Extract:
    """The text of a member that is one article."""
    try:
        if member.format in PROSE:
            text = decode(member.data)
            check_text(text, limits)
            extract = _PROSE[detect(PurePosixPath(member.name).suffix, text)](text)
        elif member.format in _MESSAGES:
            extract = _MESSAGES[member.format](member.data)
        else:
            extract = _LIMITED[member.format](member.data, limits)
    except (SourceError, MemoryError):
        raise
    except RecursionError:
        raise SourceError("is nested deeper than can be read; save the article itself as text") from None
    except Exception as error:
        # A parser's own fault must not cost the rest of the folder; it is told by its name.
        kind = type(error).__name__
        raise SourceError(f"cannot be parsed as {member.format.upper()} ({kind}); save it again, or as text") from error
    check_text(extract.text, limits)
    return extract


def _rows(member: Member, columns: Columns, limits: Limits) -> Loaded:
    """The documents of a file of rows; a source is that of the file with the row's own name behind it."""
    text = decode(member.data)
    check_text(text, limits)
    documents: list[Document] = []
    refused: list[Refusal] = []
    stem = PurePosixPath(member.name).stem
    for row in _ROWS[member.format](text, columns, limits):
        source = member.source + row.fragment
        name = f"{stem}, {row.fragment.lstrip('#').replace('=', ' ')}" if row.fragment else stem
        if row.extract is None:
            refused.append(Refusal(source, row.reason))
            continue
        try:
            check_text(row.extract.text, limits)
            # The first line of a table is no title of it.
            extract = row.extract if row.fragment else replace(row.extract, title=title_from_name(stem))
            documents.append(document_of(source, name, extract))
        except SourceError as error:
            refused.append(Refusal(source, str(error)))
    if not documents and not refused:
        raise SourceError("holds no rows; nothing to index")
    return Loaded(tuple(documents), tuple(refused))


def source_of(path: Path) -> str:
    r"""The absolute path in POSIX form, links not followed; bytes of a name that are no UTF-8 are written as \xNN."""
    # No path objects and no second copy where none is needed: a build asks for every file there is, changed or not.
    absolute = os.path.abspath(path)  # noqa: PTH100  it takes out "..", which `Path.absolute` leaves in
    posix = absolute if os.sep == "/" else absolute.replace(os.sep, "/")
    return posix if posix.isascii() else posix.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
