"""The lines of a page with the place they stand at; pdfium finds the characters, and nothing else is asked of it."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?")
_LINE_END = re.compile(r"\r\n?|\n")
_HYPHENS = ("\x02", "\ufffe")
"""What pdfium puts in the place of a hyphen at a line's end, with no line end after it."""
_SOFT = "\u00ad"
_GAP = 1.5
"""A gap of so many heights of the line parts two columns, or the cells of a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of words on one line, in points from the lower left corner of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    first_word: float
    """Width of the first word: what would have had to fit on the line before."""
    hyphen: bool = False
    """The last word goes on in the next line."""

    @property
    def height(self) -> float:
        """Of its letters."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    bottom: float
    right: float
    top: float
    hyphen: bool


def page_lines(page: Any) -> list[Line]:  # noqa: ANN401 - pypdfium2 ships no types
    """The lines of one page of pypdfium2 in the order in which the file draws them."""
    textpage = page.get_textpage()
    try:
        text = _text(textpage)
        return [line for words in _physical(text, textpage) for line in _parted(words)]
    finally:
        textpage.close()


def _text(textpage: Any) -> str:  # noqa: ANN401 - as above
    """All characters of a page, each where pdfium counts it, so that an index into the text is one of its own."""
    from pypdfium2 import raw

    count = textpage.count_chars()
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer) - 1
    if written == count:
        return "".join(map(chr, buffer[:count]))
    return "".join(chr(raw.FPDFText_GetUnicode(textpage, index) & 0xFFFF) for index in range(count))


def _physical(text: str, textpage: Any) -> Iterator[list[_Word]]:  # noqa: ANN401 - as above
    """The words of each line; a hyphen at its end ends a line too."""
    words: list[_Word] = []
    position = 0
    for found in _WORD.finditer(text):
        if words and (words[-1].hyphen or _LINE_END.search(text, position, found.start())):
            yield words
            words = []
        if word := _word(found, textpage):
            words.append(word)
        position = found.end()
    if words:
        yield words


def _word(found: re.Match[str], textpage: Any) -> _Word | None:  # noqa: ANN401 - as above
    """A word with its box; None where the file gives it no place or it is made of halves of characters."""
    spelled = found.group()
    hyphen = spelled.endswith((*_HYPHENS, _SOFT))
    letters = spelled.rstrip("".join(_HYPHENS) + _SOFT)
    words = letters.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace(_SOFT, "").replace("\x00", "")
    if not words:
        return None
    last = found.start() + len(letters) - 1
    left, bottom, right, top = textpage.get_charbox(found.start(), loose=True)
    if last > found.start():
        _, low, right, high = textpage.get_charbox(last, loose=True)
        bottom, top = min(bottom, low), max(top, high)
    return _Word(words, left, bottom, max(left, right), top, hyphen)


def _parted(words: list[_Word]) -> Iterator[Line]:
    """The line, or its parts where wide gaps part it."""
    start = 0
    for number in range(1, len(words)):
        gap = words[number].left - words[number - 1].right
        height = max(1.0, words[number].top - words[number].bottom)
        if gap > _GAP * height or gap < -4 * height:
            yield _line(words[start:number])
            start = number
    yield _line(words[start:])


def _line(words: list[_Word]) -> Line:
    text = " ".join(word.text for word in words)
    # Where another column is drawn next, pdfium does not see that the word is parted.
    parted = len(text) > 1 and text.endswith(("-", "\u2010")) and text[-2].isalnum()
    return Line(
        text=text[:-1] if parted else text,
        left=min(word.left for word in words),
        bottom=min(word.bottom for word in words),
        right=max(word.right for word in words),
        top=max(word.top for word in words),
        first_word=words[0].right - words[0].left,
        hyphen=parted or words[-1].hyphen,
    )
