"""What each stretch of an article is: its title, a heading, body text, or page furniture.

Nothing is cut out of the text, so no offset moves: a block only says what stands at its span.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.dates import find_date
from corpus.furniture import MAX_LINE, is_furniture
from corpus.lines import paragraphs
from corpus.types import Block, BlockKind, Span

CLEANING_VERSION = 1
"""Goes up whenever the same text would be cut into other blocks."""

_HEAD_BLOCKS = 8
_FOOT_BLOCKS = 12
"""How many blocks from an end of the text ambiguous furniture is believed."""
_TITLE_CHARACTERS = 200
_TITLE_WORDS = 30
_HEADING_CHARACTERS = 100
_HEADING_WORDS = 14
_LEAD_IN_WORDS = 6
"""A longer line that ends in a colon leads into a list in the middle of the text."""
_HEADING_RUN = 3
"""More short lines than this in a row are a list or a poem, not headings."""
_MENU_LINES = 3
_MENU_CHARACTERS = 25
_MENU_OPENINGS = frozenset(
    {"home", "homepage", "menu", "main menu", "navigation", "skip to content", "skip to main content"}
)

_BULLET = re.compile(r"[•‣◦▪●·*+–-]\s")
_SENTENCE_END = re.compile(r"[.,;。，；][\"'”’»)\]]{0,3}$")
_FIGURE = re.compile(r"[^\d\s].*:\s[£$€¥]")
"""A line that gives a figure ("Typical salary: 65,000") tells something by itself."""
_LETTER = re.compile(r"[^\W\d_]")


def blocks(text: str, repeated: Collection[Span] = ()) -> tuple[Block, ...]:
    """The blocks of `text` in order; together they cover every character that is not blank.

    `repeated` are the spans of blocks that the folder gives away as furniture (`corpus.repetition`).
    """
    spans, furniture = _paragraphs_and_menus(text)
    for number, span in enumerate(spans):
        furniture[number] = furniture[number] or _is_furniture(text, span, number, len(spans)) or span in repeated
    kinds = _kinds(text, spans, furniture)
    return tuple(Block(span, kind) for span, kind in zip(spans, kinds, strict=True))


def _paragraphs_and_menus(text: str) -> tuple[list[Span], list[bool]]:
    """Every paragraph of `text`, and which of them belong to a menu of the page."""
    spans: list[Span] = []
    menu: list[bool] = []
    for group in paragraphs(text):
        near_head = len(spans) < _HEAD_BLOCKS
        spans.extend(group)
        menu.extend([near_head and _is_menu(text, group)] * len(group))
    return spans, menu


def _is_menu(text: str, group: Sequence[Span]) -> bool:
    """Whether the lines of a stretch are the links of a site, beginning with its home page."""
    return (
        len(group) >= _MENU_LINES
        and group[0].of(text).lower() in _MENU_OPENINGS
        and all(len(span) <= _MENU_CHARACTERS and _SENTENCE_END.search(span.of(text)) is None for span in group)
    )


def _is_furniture(text: str, span: Span, number: int, count: int) -> bool:
    """Whether the paragraph at `span`, the one with this `number` out of `count`, is furniture."""
    if len(span) > MAX_LINE:
        return False
    line = span.of(text)
    # A text may open with the one word that is its title: "Print", "Comments".
    near_an_end = (number < _HEAD_BLOCKS or number >= count - _FOOT_BLOCKS) and (number > 0 or " " in line)
    return is_furniture(line, near_an_end=near_an_end)


def _kinds(text: str, spans: Sequence[Span], furniture: Sequence[bool]) -> list[BlockKind]:
    """The kind of every paragraph."""
    kinds = [BlockKind.FURNITURE if flag else BlockKind.BODY for flag in furniture]
    content = [number for number, flag in enumerate(furniture) if not flag]
    if len(content) > 1 and is_title(spans[content[0]].of(text)):
        kinds[content[0]] = BlockKind.TITLE
        content = content[1:]
    for number in _headings(text, spans, content):
        kinds[number] = BlockKind.HEADING
    return kinds


def _headings(text: str, spans: Sequence[Span], content: Sequence[int]) -> list[int]:
    """Which paragraphs of those numbered in `content` head what follows: short lines, few in a row, then body text."""
    found: list[int] = []
    run: list[int] = []
    for number in content:
        if _is_heading(spans[number], text):
            run.append(number)
            continue
        if len(run) <= _HEADING_RUN:
            found.extend(run)
        run = []
    return found


def is_title(line: str) -> bool:
    """Whether the first line of a text reads as its title."""
    return (
        len(line) <= _TITLE_CHARACTERS
        and "\n" not in line
        and len(line.split()) <= _TITLE_WORDS
        and _LETTER.search(line) is not None
        and (_SENTENCE_END.search(line) is None or len(line.split()) <= _HEADING_WORDS)
    )


def _is_heading(span: Span, text: str) -> bool:
    """Whether a line could be a heading by itself."""
    if len(span) > _HEADING_CHARACTERS:
        return False
    line = span.of(text)
    first = _LETTER.search(line)
    return (
        len(line.split()) <= _HEADING_WORDS
        and len(line.splitlines()) == 1
        and first is not None
        and not first.group().islower()
        and not line.startswith(("“", '"', "‘", "'", "«"))
        and _BULLET.match(line) is None
        and _SENTENCE_END.search(line) is None
        and (not line.endswith(":") or len(line.split()) <= _LEAD_IN_WORDS)
        and _FIGURE.match(line) is None
        and find_date(line) is None
    )
