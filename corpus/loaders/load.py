"""One file in, one document out."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import category

from corpus.errors import SourceError
from corpus.loaders.decode import decode
from corpus.loaders.detect import Format, detect
from corpus.loaders.extract import Extract
from corpus.loaders.files import DEFAULT_SIZE_LIMIT, read_bytes
from corpus.loaders.html import parse_html
from corpus.loaders.markdown import parse_markdown
from corpus.loaders.text import parse_text
from corpus.metadata import published_in, publisher_in, title_from_name, title_in
from corpus.types import Document

_MAX_LABEL = 300
"""Characters of a title, a publisher or an address."""
_UNFIT = frozenset({"Cc", "Cs", "Cn"})
_MAX_LINES = 1_000_000
"""A book has some ten thousand; each costs memory, so a file of nothing but line ends must not pass."""

_PARSERS = {Format.TEXT: parse_text, Format.MARKDOWN: parse_markdown, Format.HTML: parse_html}


def load(path: Path, *, size_limit: int = DEFAULT_SIZE_LIMIT) -> Document:
    """The document in the file at `path`; raises SourceError (naming no path, only the reason) when there is none.

    What the file's own mark-up says of title, date and publisher goes before what its lines seem to say.
    """
    text = decode(read_bytes(path, size_limit))
    _check(text)
    extract = _PARSERS[detect(path.suffix, text)](text)
    _check(extract.text)
    return _document(path, extract)


def _check(text: str) -> None:
    """Raise SourceError where there is no text to index, or more lines than any article has."""
    if not text.strip():
        raise SourceError("holds no text besides its mark-up; nothing to index")
    lines = sum(text.count(end) for end in "\n\r\v\f\u2028\u2029\x85\x1c\x1d\x1e")
    if lines > _MAX_LINES:
        raise SourceError(f"has {lines:,} lines, over the limit of {_MAX_LINES:,}; split it into smaller files")


def _document(path: Path, extract: Extract) -> Document:
    """The document of `extract`, with what its mark-up left open looked for in its lines."""
    text = extract.text
    return Document.create(
        source=source_of(path),
        text=text,
        title=_label(extract.title) or _label(title_in(text)) or _label(title_from_name(path.stem)) or "Untitled",
        published=extract.published or published_in(text),
        publisher=_label(extract.publisher) or _label(publisher_in(text)),
        url=_label(extract.url),
    )


def _label(words: str | None) -> str | None:
    """`words` fit for one line of output: without control characters and halves of characters, not endless."""
    if words is None:
        return None
    plain = (" " if category(character) in _UNFIT else character for character in words[: 4 * _MAX_LABEL])
    return " ".join("".join(plain).split())[:_MAX_LABEL] or None


def source_of(path: Path) -> str:
    r"""The absolute path in POSIX form, links not followed; bytes of a name that are no UTF-8 are written as \xNN."""
    # No path objects and no second copy where none is needed: a build asks for every file there is, changed or not.
    absolute = os.path.abspath(path)  # noqa: PTH100  it takes out "..", which `Path.absolute` leaves in
    posix = absolute if os.sep == "/" else absolute.replace(os.sep, "/")
    return posix if posix.isascii() else posix.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
