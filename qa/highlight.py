"""A text with its cited words marked, as values and as drawings of them for a terminal and for HTML. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import escape
from itertools import pairwise

from corpus.types import Span
from qa.types import Citation


class Mark(IntEnum):
    """What a stretch of text is; where marks overlap, the higher one counts."""

    PLAIN = 0
    PASSAGE = 1
    SPAN = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one mark; never empty, and all segments of a text joined are that text."""

    text: str
    mark: Mark


_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BOLD_REVERSED, _RESET = "\x1b[1;7m", "\x1b[0m"


def segments(text: str, *, spans: Sequence[Span], passages: Sequence[Span] = ()) -> list[Segment]:
    """Cut `text` where the marks change. Spans are in coordinates of `text`; what lies outside of it is left out."""
    size = len(text)
    marked = [(span, Mark.PASSAGE) for span in passages] + [(span, Mark.SPAN) for span in spans]
    cuts = sorted({0, size} | {min(at, size) for span, _ in marked for at in (span.start, span.end)})
    found: list[Segment] = []
    for start, end in pairwise(cuts):
        covering = [mark for span, mark in marked if span.start <= start and end <= span.end]
        mark = max(covering, default=Mark.PLAIN)
        if found and found[-1].mark is mark:
            found[-1] = Segment(found[-1].text + text[start:end], mark)
        else:
            found.append(Segment(text[start:end], mark))
    return found


def highlight(citation: Citation) -> list[Segment]:
    """The cited passage with the quote marked."""
    return segments(citation.passage_text, spans=[citation.span.shift(-citation.passage.start)])


def to_terminal(parts: Sequence[Segment], *, colour: bool) -> str:
    """Draw for a terminal: the words in reverse video, or between ⟦ and ⟧ where there is no colour.

    Control characters and direction overrides are shown as U+FFFD, so that an article cannot steer the terminal.
    """
    return "".join(_terminal_segment(part, colour) for part in parts)


def _terminal_segment(part: Segment, colour: bool) -> str:
    text = _STEERING.sub("\ufffd", part.text.replace("\r\n", "\n"))
    if part.mark is not Mark.SPAN:
        return text
    return f"{_BOLD_REVERSED}{text}{_RESET}" if colour else f"⟦{text}⟧"


def to_html(parts: Sequence[Segment]) -> str:
    """Draw as HTML with everything escaped: `<mark>` for the words, `<span class="passage">` for their passage."""
    return "".join(_html_segment(part) for part in parts)


def _html_segment(part: Segment) -> str:
    text = escape(part.text)
    if part.mark is Mark.SPAN:
        return f"<mark>{text}</mark>"
    return f'<span class="passage">{text}</span>' if part.mark is Mark.PASSAGE else text
