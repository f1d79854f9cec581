"""The values of the lowest room: what was written, and where in it.

One coordinate system everywhere: a `Span` is a half-open pair of code-point offsets into `Document.text`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TokenCounter = Callable[[str], int]
"""How many word-pieces a text takes in the encoder, special tokens not counted."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, `0 <= start <= end`; raises ValueError otherwise."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words of `text` at this span."""
        return text[self.start : self.end]

    def shift(self, by: int) -> Span:
        """The same span in coordinates whose origin lies `by` code points earlier."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a stretch of an article is."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    FURNITURE = "furniture"
    """Menus, share buttons, photo credits, copyright lines: kept in the text, kept out of passages."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of lines of one kind; `span` has no blank character at either end."""

    span: Span
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Details:
    """What some files tell of an article beyond what every document has."""

    author: str | None = None
    updated: date | None = None
    """When it was last changed, as the article says it."""
    language: str | None = None
    """A tag as the file states it, in lower case: "en", "en-gb"."""
    pages: tuple[int, ...] = ()
    """Where in the text each page begins, first page first; empty for what has no pages."""


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Document:
    """One article. `sha256` is the hex digest of `text` in UTF-8 (lone surrogates never occur in it)."""

    id: str
    title: str
    text: str
    source: str
    """Where it was read: an absolute path in POSIX form (or a URL)."""
    published: date | None
    sha256: str
    publisher: str | None = None
    url: str | None = None
    """The address on the web that the file itself names, if it names one."""
    details: Details = NO_DETAILS

    @classmethod
    def create(
        cls,
        *,
        source: str,
        text: str,
        title: str,
        published: date | None = None,
        publisher: str | None = None,
        url: str | None = None,
        details: Details = NO_DETAILS,
    ) -> Document:
        """Build a document whose id follows from its source and whose hash follows from its text."""
        return cls(
            id=document_id(source),
            title=title,
            text=text,
            source=source,
            published=published,
            sha256=text_sha256(text),
            publisher=publisher,
            url=url,
            details=details,
        )

    def page_at(self, offset: int) -> int | None:
        """The number of the page that the character at `offset` stands on, from 1; None for what has no pages."""
        return bisect_right(self.details.pages, offset) or 1 if self.details.pages else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document; `text` is the document's text at `span`, to the letter."""

    id: str
    document_id: str
    span: Span
    text: str
    context: str = ""
    """Title and heading that the passage stands under: encoded with it, never part of its text."""

    @classmethod
    def of(cls, document: Document, span: Span, context: str = "") -> Passage:
        """Cut the passage at `span` out of `document`."""
        return cls(passage_id(document.id, span), document.id, span, span.of(document.text), context)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in, and why, in one clause."""

    source: str
    reason: str


def document_id(source: str) -> str:
    """The id of the document read from `source`: stable while its text changes (16 hex digits)."""
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def passage_id(document: str, span: Span) -> str:
    """The id of a passage: its document and its place in it."""
    return f"{document}:{span.start}-{span.end}"


def text_sha256(text: str) -> str:
    """Hex SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
