"""The pieces of HTML that both panes are made of; everything that comes from outside is escaped here.

`element` escapes what is `str` and lets through what is `Markup`, so that article text cannot become
markup by being forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from corpus.types import Span
from qa.highlight import segments, to_html


class Markup(str):
    """HTML that this module made: safe to place in other HTML as it is."""

    __slots__ = ()


NOTHING = Markup("")


def element(tag: str, *children: str, attributes: Mapping[str, str] | None = None) -> Markup:
    """Make one element; children of type str are text and are escaped, as is every attribute's value."""
    opening = "".join(f' {name}="{escape(value)}"' for name, value in (attributes or {}).items())
    return Markup(f"<{tag}{opening}>{joined(*children)}</{tag}>")


def styled(tag: str, style: str, *children: str) -> Markup:
    """Make one element of a class of the style sheet."""
    return element(tag, *children, attributes={"class": style})


def joined(*children: str) -> Markup:
    """Put text and markup in a row."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def marked(text: str, mark: Span | None, passage: Span | None = None) -> Markup:
    """Show `text` with the words at `mark` marked, and the passage around them tinted where one is given."""
    spans, passages = [mark] if mark else [], [passage] if passage else []
    return Markup(to_html(segments(text, spans=spans, passages=passages)))


def excerpt(text: str, mark: Span | None, room: int) -> Markup:
    """Show about `room` characters of `text` on either side of the mark (or from its start), cut between words."""
    focus = mark or Span(0, 0)
    start = _word_start(text, max(0, focus.start - room))
    end = _word_end(text, min(len(text), focus.end + room * (1 if mark else 2)))
    shown = marked(text[start:end], mark.shift(-start) if mark else None)
    return joined("… " if start else "", shown, " …" if end < len(text) else "")


def _word_start(text: str, position: int) -> int:
    """Move right to where the next word begins, but not far: some scripts write no spaces."""
    if position == 0:
        return 0
    return next((at + 1 for at in range(position, min(position + 24, len(text))) if text[at].isspace()), position)


def _word_end(text: str, position: int) -> int:
    """Move left to where the last word ends, but not far."""
    if position == len(text):
        return position
    return next((at for at in range(position, max(position - 24, 0), -1) if text[at].isspace()), position)
