"""Markdown: the head becomes metadata, the body becomes plain text without a mark-up character left.

Blocks are separated by blank lines; the items of a list and the rows of a table are lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import count, repeat
from typing import TYPE_CHECKING

from corpus.loaders.extract import Extract
from corpus.loaders.front_matter import (
    author_in,
    language_in,
    published_in,
    publisher_in,
    split_front_matter,
    title_in,
    updated_in,
    url_in,
)
from corpus.loaders.table import table_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_RAW_OPENINGS = re.compile(r"<!--|<!\[CDATA\[|<\?")
_MAX_RAW_OPENINGS = 1000
"""The parser looks for the end of each from where it begins to the end of the text: above this they count as words."""
BULLET = "• "
"""Before an item of a list without numbers."""


def parse_markdown(text: str) -> Extract:
    """The body as plain text, and title, date, publisher and address as the head states them."""
    fields, body = split_front_matter(text)
    return Extract(
        text=render(body),
        title=title_in(fields),
        published=published_in(fields),
        publisher=publisher_in(fields),
        url=url_in(fields),
        author=author_in(fields),
        updated=updated_in(fields),
        language=language_in(fields),
    )


def render(body: str) -> str:
    """Markdown `body` as plain text."""
    from markdown_it import MarkdownIt  # only Markdown needs it

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    if sum(1 for _ in _RAW_OPENINGS.finditer(body)) > _MAX_RAW_OPENINGS:
        parser.disable(["html_inline", "html_block"])
    tokens = parser.parse(body)
    return "\n\n".join(_blocks(tokens))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """The outermost blocks of a token stream that hold text; a list or a table is one block of several lines."""
    lines = _Lines()
    for token in tokens:
        lines.take(token)
        if token.level == 0 and token.nesting <= 0 and (block := lines.flush()):
            yield block


class _Lines:
    """Gathers the lines of one block from its tokens."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._markers: list[Iterator[str]] = []
        self._marker = ""
        self._cells: list[str] | None = None
        self._rows: list[list[str]] = []

    def take(self, token: Token) -> None:
        """Account for the next token of the stream."""
        match token.type:
            case "bullet_list_open":
                self._markers.append(repeat(BULLET))
            case "ordered_list_open":
                self._markers.append(f"{number}. " for number in count(int(token.attrGet("start") or 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._markers.pop()
            case "list_item_open":
                self._marker = next(self._markers[-1])
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._rows.append(self._cells or [])
                self._cells = None
            case "table_close":
                self._add(table_text(self._rows, header=True))
                self._rows = []
            case "inline" if self._cells is not None:
                self._cells.append(_inline(token).replace("\n", " "))
            case "inline":
                self._add(_inline(token))
            case "fence" | "code_block":
                self._add(token.content.strip("\n"))
            case "html_block":
                self._add(_without_tags(token.content))

    def flush(self) -> str:
        """The block gathered so far; the next begins empty."""
        block = "\n".join(self._lines)
        self._lines = []
        return block

    def _add(self, text: str) -> None:
        if text.strip():
            self._lines.append(self._marker + text)
            self._marker = ""


def _inline(token: Token) -> str:
    """The visible words of a run of text: a link is its text, a picture its description, a soft line end a space."""
    parts = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline" | "image":
                parts.append(child.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "html_inline" if child.content.lower().startswith("<br"):
                parts.append("\n")
    return "".join(parts)


class _Words(HTMLParser):
    """Keeps the words of a stretch of HTML, and of its scripts and styles nothing."""

    _SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in self._SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _without_tags(content: str) -> str:
    """The words of a block of raw HTML, line by line."""
    parser = _Words()
    parser.feed(content)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.words).splitlines())
    return "\n".join(line for line in lines if line)
