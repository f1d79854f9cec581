"""Which format a text is in: its name says, and its content overrules a name that lies."""

from __future__ import annotations

import re
from enum import StrEnum

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


class Format(StrEnum):
    """A format that a loader exists for."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
}
"""File name endings, in lower case, that are picked up when a folder is walked."""


def detect(suffix: str, text: str) -> Format:
    """The format of `text`, read from a file whose name ends in `suffix` (any case, dot included; may be empty)."""
    named = SUFFIXES.get(suffix.lower(), Format.TEXT)
    head = _head(text)
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
