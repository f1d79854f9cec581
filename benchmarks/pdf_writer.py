"""Writes PDFs to read again: running heads and feet, hyphens at line ends, one column or two, drawn in either order."""

from __future__ import annotations

from datetime import UTC, datetime, time

from benchmarks.article import Article, statements

_TOP, _BOTTOM, _LEFT, _RIGHT, _GUTTER = 25.0, 270.0, 20.0, 190.0, 8.0
_LINE = 5.0
_SIZE = 10.0


def as_pdf(article: Article, *, columns: int = 1, across: bool = False, hyphens: bool = True) -> bytes:
    """The article as a PDF; `across` draws the lines of both columns in turns, as some programs do."""
    from fpdf import FPDF

    file = FPDF()
    file.set_title(article.title)
    file.set_author(article.author)
    file.set_lang(article.language)
    file.set_creation_date(datetime.combine(article.published, time(9), UTC))
    file.set_auto_page_break(auto=False)
    file.set_font("times", size=_SIZE)
    width = (_RIGHT - _LEFT - _GUTTER * (columns - 1)) / columns
    lines = _lines(article, file, width, hyphens=hyphens)
    a_column = int((_BOTTOM - _TOP) / _LINE) - 2
    for first in range(0, len(lines), a_column * columns):
        file.add_page()
        _running(file, article, first == 0)
        page = [lines[start : start + a_column] for start in range(first, first + a_column * columns, a_column)]
        places = [
            (_LEFT + column * (width + _GUTTER), _TOP + (2 + row) * _LINE, words)
            for column, side in enumerate(page)
            for row, words in enumerate(side)
        ]
        for x, y, words in sorted(places, key=lambda place: place[1]) if across else places:
            if words:
                file.text(x, y, _latin(words))
    return bytes(file.output())


def _running(file: object, article: Article, first: bool) -> None:
    from fpdf import FPDF

    if isinstance(file, FPDF):
        file.set_font("times", size=8)
        file.text(80, 12, f"{article.publisher} - Annual Review")
        file.text(100, 288, f"Page {file.page_no()}")
        if first:
            file.set_font("times", size=16)
            file.text(_LEFT, _TOP, _latin(article.title))
        file.set_font("times", size=_SIZE)


def _lines(article: Article, file: object, width: float, *, hyphens: bool) -> list[str]:
    """The lines of the body, an empty one between blocks."""
    lines: list[str] = []
    for block in article.blocks:
        match block.kind:
            case "list":
                paragraphs = [f"\u2022 {item}" for item in block.items]
            case "table":
                paragraphs = statements(block.rows)
            case _:
                paragraphs = [block.words]
        for paragraph in paragraphs:
            lines.extend(_set(_latin(paragraph), file, width, hyphens=hyphens))
        lines.append("")
    return lines


def _set(paragraph: str, file: object, width: float, *, hyphens: bool) -> list[str]:
    """A paragraph in lines of at most `width`; a long word that does not fit is parted in its middle."""
    from fpdf import FPDF

    if not isinstance(file, FPDF):
        raise TypeError(f"expected a file of fpdf2, got {type(file).__name__}")
    lines: list[str] = []
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}".strip()
        if file.get_string_width(_latin(longer)) <= width:
            line = longer
            continue
        half = len(word) // 2
        start = f"{line} {word[:half]}-"
        if hyphens and len(word) > 9 and word.isalpha() and word.islower() and file.get_string_width(start) <= width:
            lines.append(start)
            line = word[half:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def _latin(words: str) -> str:
    """What the fonts that every reader has can show."""
    table = {"\u2022": "\xb7", "\u2013": "-", "\u2014": "-", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'}
    return (
        words.translate({ord(key): value for key, value in table.items()})
        .encode("latin-1", "replace")
        .decode("latin-1")
    )
