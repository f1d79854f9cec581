"""An answer as a person reads it in a terminal: headline, confidence, the passage with the words marked, the rest."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from corpus.types import Span
from qa.exhibits import Exhibit, ExhibitKind, only
from qa.highlight import segments, to_terminal
from qa.phrasing import NOT_CALIBRATED, confidence_phrase, long_date, percent, web_address
from qa.screen import INDENT, Terminal, plain
from qa.terminal_extras import draw_agreement, draw_headline, draw_support, draw_understood
from qa.types import Answer

_SHORT = 160


def draw_answer(answer: Answer, exhibits: tuple[Exhibit, ...], terminal: Terminal) -> str:
    """Draw an answer or an abstention for a person."""
    lines = _abstention(answer, exhibits, terminal) if answer.abstained else _answer(answer, exhibits, terminal)
    return "\n".join(["", *draw_understood(answer, terminal), *lines, ""])


def _answer(answer: Answer, exhibits: tuple[Exhibit, ...], terminal: Terminal) -> Iterator[str]:
    yield from draw_headline(answer, terminal)
    yield terminal.dim(confidence_phrase(answer.confidence) if answer.calibrated else NOT_CALIBRATED)
    first, *further = only(exhibits, ExhibitKind.CITATION)
    yield ""
    yield from _passage(first, terminal)
    yield ""
    yield from _place(first, terminal)
    if further:
        yield ""
        yield terminal.dim("The same words also in")
    for exhibit in further:
        yield f"{INDENT}{terminal.bold(exhibit.title)}{_day(exhibit)}"
        yield _short_passage(exhibit, terminal)
    yield from draw_support(answer, terminal)
    yield from draw_agreement(answer, terminal)
    yield from _others(exhibits, "Other candidates", terminal)


def _abstention(answer: Answer, exhibits: tuple[Exhibit, ...], terminal: Terminal) -> Iterator[str]:
    yield terminal.bold("The articles do not say.")
    yield from textwrap.wrap(plain(answer.reason or ""), terminal.width)
    nearest = only(exhibits, ExhibitKind.NEAREST)[:3]
    if nearest:
        yield ""
        yield terminal.dim("Nearest passages")
    for exhibit in nearest:
        yield f"{INDENT}{terminal.bold(exhibit.title)}{_day(exhibit)}"
        yield _short_passage(exhibit, terminal)
    yield from draw_agreement(answer, terminal)
    yield from _others(exhibits, "Words that came close, too unsure to be given", terminal)


def _short_passage(exhibit: Exhibit, terminal: Terminal) -> str:
    """Give the passage's beginning, or the words around the mark, in a line or two."""
    at = max(0, exhibit.local_mark.start - _SHORT // 2) if exhibit.local_mark else 0
    lead = "… " if at else ""
    short = textwrap.shorten(lead + plain(exhibit.passage_text[at:]), _SHORT, placeholder=" …")
    return textwrap.fill(short, terminal.width, initial_indent=INDENT, subsequent_indent=INDENT)


def _passage(exhibit: Exhibit, terminal: Terminal) -> Iterator[str]:
    """Draw the passage folded to the width, the marked words in place."""
    spans = [exhibit.local_mark] if exhibit.local_mark else []
    for line in fold(exhibit.passage_text, terminal.width - len(INDENT)):
        inside = [_clip(span, line) for span in spans if span.overlaps(line)]
        parts = segments(line.of(exhibit.passage_text), spans=inside)
        yield INDENT + to_terminal(parts, colour=terminal.colour) if parts else ""


def _clip(span: Span, line: Span) -> Span:
    """Cut a span down to a line, in coordinates of the line."""
    return Span(max(span.start, line.start), min(span.end, line.end)).shift(-line.start)


def fold(text: str, width: int) -> list[Span]:
    """Cut a text into lines of at most `width` characters, between words where there is a gap to cut at."""
    lines: list[Span] = []
    start = 0
    for paragraph in text.splitlines(keepends=True):
        end = start + len(paragraph)
        stop = start + len(paragraph.rstrip())
        while stop - start > width:
            gap = max(text.rfind(" ", start + 1, start + width + 1), text.rfind("\t", start + 1, start + width + 1))
            cut = gap if gap > start else start + width
            lines.append(Span(start, cut))
            start = cut + (1 if cut == gap else 0)
        lines.append(Span(start, stop))
        start = end
    return lines


def _place(exhibit: Exhibit, terminal: Terminal) -> Iterator[str]:
    """Name article, publisher, date and where it was read."""
    yield INDENT + terminal.bold(exhibit.title)
    page = f"page {exhibit.page}" if exhibit.page else None
    known = [exhibit.publisher, long_date(exhibit.published), page, web_address(exhibit.url)]
    yield INDENT + " · ".join(plain(fact) for fact in known if fact)
    yield INDENT + terminal.dim(exhibit.source)
    if exhibit.also_in:
        yield INDENT + terminal.dim("The same story also in")
    for other in exhibit.also_in:
        known = [other.title, other.publisher, long_date(other.published) if other.published else None, other.source]
        yield INDENT * 2 + terminal.dim(" · ".join(plain(fact) for fact in known if fact))


def _others(exhibits: tuple[Exhibit, ...], heading: str, terminal: Terminal) -> Iterator[str]:
    others = only(exhibits, ExhibitKind.ALTERNATIVE)
    if others:
        yield ""
        yield terminal.dim(heading)
    for exhibit in others:
        confidence = percent(exhibit.confidence) if exhibit.confidence is not None else ""
        words = textwrap.shorten(plain(exhibit.quote or ""), terminal.width - 8, placeholder=" …")
        yield f"{INDENT}{confidence:>6}  {words}"
        yield f"{INDENT}{'':>6}  {terminal.dim(exhibit.title)}{_day(exhibit)}"


def _day(exhibit: Exhibit) -> str:
    return f" · {long_date(exhibit.published)}" if exhibit.published else ""
