"""Title, publication date and publisher as the lines of a plain text give them.

Only lines that are plainly such lines count, near the head or the foot: a date inside a sentence of the article dates
what it tells of, not the article.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

from corpus.cleaning import blocks
from corpus.dates import DATE_PATTERN, DATE_TIME_PATTERN, find_date
from corpus.types import BlockKind, Document, Span

_WINDOW = 4000
"""Characters from either end that can hold the head or foot lines of a page."""
_HEAD_LINES = 12
_FOOT_LINES = 10
_TOP_LINES = 5
_LAST_LINES = 2
_LINE_CHARACTERS = 200

_DATED = rf"(?P<date>{DATE_PATTERN})"
_DATED_TIME = rf"(?P<date>{DATE_TIME_PATTERN})"
_BEFORE = r"(?:.{2,60}?\s?[|·•–—]\s?)?"
_AFTER = r"(?:\s?[|·•(–—].{0,60}|\s(?:print|share|l\sm\ss|source|by)\b.{0,40})?"
_ON = r"(?:\s(?:on|at))?\s?[::]?\s?"

_PUBLISHED_LINE = re.compile(
    rf"{_BEFORE}(?:first\s)?(?:published|posted|created|date){_ON}{_DATED_TIME}{_AFTER}", re.IGNORECASE
)
_UPDATED_LINE = re.compile(rf"{_BEFORE}(?:last\s)?(?:updated|modified){_ON}{_DATED_TIME}{_AFTER}", re.IGNORECASE)
_BYLINE = re.compile(rf"(?:by|from)\s.{{2,80}}?\s?[|·•,–—-]\s?{_DATED_TIME}", re.IGNORECASE)
_AUTHOR = re.compile(
    r"by\s(?P<name>[A-Z][\w.'’-]{0,30}(?:\s(?:[A-Z]|(?:de|van|von|der|den|al|el|bin|and|&)\s)[\w.,'’-]{0,30}){1,6}?)"
    rf"(?:\s?[|·•,–—(-].{{0,100}}|\s(?i:{DATE_TIME_PATTERN}))?",
)
_SITE_AND_DATE = re.compile(rf"[^.!?|]{{2,60}}\s?\|\s?{_DATED_TIME}{_AFTER}", re.IGNORECASE)
_DATE_ALONE = re.compile(rf"{_DATED_TIME}{_AFTER}", re.IGNORECASE)
_DATELINE = re.compile(
    rf"[A-Z][A-Z .,'’-]{{2,40}}(?:,\s[A-Z][\w. ]{{2,20}})?,\s(?i:{_DATED})\s?"
    r"(?:\((?P<agency>[^()]{2,40})\)\s?)?(?:(?:--|[–—-])\s.*|$)"
)
_RIGHTS = re.compile(
    r"(?=.*(?:©|\(c\)|all\srights\sreserved))(?:copyright\s?)?(?:©|\(c\))?\s?(?:copyright\s)?(?:\d{4}(?:\s?[-–]\s?\d{4})?)?,?\s?(?:by\s)?"
    r"(?P<name>[^\W\d_].{1,60}?)(?:,?\s(?:19|20)\d\d)?(?:[.,;|]?\s{0,3}all\srights\sreserved.{0,60}|\.)?",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?P<name>[\w-]+(?:\.[\w-]+){1,3})\s?\|.{0,20}(?:updated|published|posted).*", re.IGNORECASE)
_SOURCE = re.compile(r"(?:source|publisher|published\sby)\s?[::]\s?(?P<name>[^\W\d_][^.!?:]{1,60})", re.IGNORECASE)
_NAMELESS = frozenset({"all rights reserved", "copyright"})


def title_in(text: str, repeated: Collection[Span] = ()) -> str | None:
    """The title that stands first in `text`, on one line; None when the text begins with body text.

    `repeated` are blocks that the folder gives away as furniture: the name of a site above every title.
    """
    for block in blocks(text[:_WINDOW], repeated):
        if block.kind is BlockKind.TITLE:
            return _line(block.span.of(text))
        if block.kind is not BlockKind.FURNITURE:
            return None
    return None


def title_from_name(stem: str) -> str:
    """A readable title from a file's name without its ending."""
    words = " ".join(re.sub(r"[_+]|(?<=\w)-(?=\w)", " ", stem).split())
    return words[:1].upper() + words[1:] if words else "Untitled"


def retitled(document: Document, before: Collection[Span], after: Collection[Span]) -> Document:
    """The document with the title that its first lines give without those at `after`, not those at `before`.

    A title that did not come from the lines, as one from the page's own mark-up, stays.
    """
    stem = PurePosixPath(document.source).stem
    old, new = (title_in(document.text, spans) or title_from_name(stem) for spans in (before, after))
    return replace(document, title=new) if document.title == old != new else document


def published_in(text: str) -> date | None:
    """The publication date that a line near the head or the foot of `text` states, None when none does."""
    head, foot = _head(text), _foot(text)
    # In order of trust: what says that it is the date, what stands where such a date stands, a later change.
    places = (
        (_PUBLISHED_LINE, head + foot),
        (_BYLINE, head[:_TOP_LINES]),
        (_SITE_AND_DATE, head[:_TOP_LINES]),
        (_DATE_ALONE, head[:_TOP_LINES] + foot[-_LAST_LINES:]),
        (_DATELINE, head[:_TOP_LINES]),
        (_UPDATED_LINE, head + foot),
    )
    for pattern, lines in places:
        for line in lines:
            if (found := _match(pattern, line)) and (read := find_date(found["date"])):
                return read
    return None


def updated_in(text: str) -> date | None:
    """The date of the last change that a line near the head or the foot of `text` states, None when none does."""
    for line in _head(text) + _foot(text):
        if (found := _match(_UPDATED_LINE, line)) and (read := find_date(found["date"])):
            return read
    return None


def author_in(text: str) -> str | None:
    """The name in a byline near the head of `text` ("By Jane Roe | 3 March 2024"), None when there is none."""
    for line in _head(text)[:_TOP_LINES]:
        words = line[:1].lower() + line[1:]
        if len(line) <= _LINE_CHARACTERS and (found := _AUTHOR.fullmatch(words)):
            return found["name"].strip(" ,.")
    return None


def publisher_in(text: str) -> str | None:
    """The publisher that a copyright, site, source or agency line near the head or the foot of `text` names."""
    lines = [*_foot(text), *_head(text)]
    for pattern, group in ((_RIGHTS, "name"), (_SOURCE, "name"), (_SITE, "name"), (_DATELINE, "agency")):
        for line in lines:
            if (found := _match(pattern, line)) and (name := _name(found[group])):
                return name
    return None


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """The match of the whole `line`; only a dateline may be the beginning of a paragraph, other lines are short."""
    if pattern is _DATELINE:
        return pattern.match(line[:_LINE_CHARACTERS])
    return pattern.fullmatch(line) if len(line) <= _LINE_CHARACTERS else None


def _name(found: str | None) -> str | None:
    """A publisher's name without the marks around it, None when nothing is left of it."""
    name = (found or "").strip(" .,;:|-–—")
    return name if name and name.lower() not in _NAMELESS else None


def _head(text: str) -> list[str]:
    """The first lines of `text` that are not blank, each with single spaces."""
    return _lines(text[:_WINDOW].splitlines())[:_HEAD_LINES]


def _foot(text: str) -> list[str]:
    """The last lines of `text` that are not blank; a line cut by the window is left out."""
    lines = text[-_WINDOW:].splitlines()
    return _lines(lines if len(text) <= _WINDOW else lines[1:])[-_FOOT_LINES:]


def _lines(lines: Iterable[str]) -> list[str]:
    """The lines that are not blank, each with single spaces."""
    return [spaced for line in lines if (spaced := _line(line))]


def _line(text: str) -> str:
    """`text` on one line, with single spaces."""
    return " ".join(text.split())
