"""Which format a text is in: its name says, and its content overrules a name that lies."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.errors import SourceError

_WINDOW = 4096
_LEADING_NOISE = re.compile(r"(?:\s|<!--.*?-->|<\?xml[^>]{0,200}\?>)+", re.DOTALL)
_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:html|head|body|title|meta|link|script|style|div|p|h[1-6]|ul|ol|li|table|tr|td|article|section|main|nav|br|span|a)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"<(?:div|p|h[1-6]|ul|ol|table|article|section|main|header|meta|title|link)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAGS_OF_A_FRAGMENT = 3
_ENTITIES = re.compile(
    r"<!doctype\s[^<>\[]{0,500}\[\s*(?:<!--.{0,500}?-->\s*)?<!(?:entity|element|attlist)\b", re.I | re.S
)


class Format(StrEnum):
    """A format that a loader exists for."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    JSONL = "jsonl"
    MAIL = "mail"
    MHTML = "mhtml"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    EPUB = "epub"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"


PROSE = frozenset({Format.TEXT, Format.MARKDOWN, Format.HTML})
"""Formats of which a text is told by what it says."""
PACKED = frozenset(
    {Format.PDF, Format.DOCX, Format.ODT, Format.EPUB, Format.ZIP, Format.TAR, Format.GZIP, Format.MHTML}
)
"""Formats that may hold pictures or other files, and are larger for it."""

SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".eml": Format.MAIL,
    ".mht": Format.MHTML,
    ".mhtml": Format.MHTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".odt": Format.ODT,
    ".epub": Format.EPUB,
    ".zip": Format.ZIP,
    ".tar": Format.TAR,
    ".tgz": Format.GZIP,
    ".gz": Format.GZIP,
}
"""File name endings, in lower case, that are picked up when a folder is walked."""


def detect(suffix: str, text: str) -> Format:
    """The format of `text`, read from a file whose name ends in `suffix` (any case, dot included; may be empty).

    Raises SourceError for mark-up that defines entities: no article does.
    """
    named = SUFFIXES.get(suffix.lower(), Format.TEXT)
    if named not in PROSE:
        named = Format.TEXT
    head = _head(text)
    if _ENTITIES.match(head):
        raise SourceError("defines entities of its own, as files do that blow up when they are read; save it as text")
    if _ROOT.match(head):
        return Format.HTML
    if named is Format.HTML:
        # Prose with a stray "<" in it keeps every word only when it is not parsed as a page.
        return Format.HTML if _TAG.search(text) else Format.TEXT
    if named is Format.TEXT and _OPENING.match(head) and len(_TAG.findall(head)) >= _TAGS_OF_A_FRAGMENT:
        return Format.HTML
    return named


def _head(text: str) -> str:
    """The beginning of `text` that says something: without blanks, comments and an XML declaration."""
    noise = _LEADING_NOISE.match(text, 0, _WINDOW)
    start = noise.end() if noise else 0
    return text[start : start + _WINDOW]
