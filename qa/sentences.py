"""The sentence that a span stands in, without the sentence splitter of indexing: that one takes a second to load."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.spacing import trimmed
from corpus.types import Span

_END = re.compile(
    r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]?[^\W_a-zà-öø-ÿ])|\n[^\S\n]*\n\s*|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)|[。！？]"
)
_SHORTENED = re.compile(
    r"(?<![\w.])(?:[A-Z]|[A-Z]\.[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Sgt|Rev|Hon|Sen|Rep|No|Nos|Fig|vs|Co|Ltd|Inc|Corp|Bros|Mt|approx|c)\.\s*$"
)


def sentence_spans(text: str) -> list[Span]:
    """The sentences and list items of `text`, in order, without blanks at their ends."""
    cuts = [
        match.end()
        for match in _END.finditer(text)
        if "\n" in match[0] or not _SHORTENED.search(text[max(0, match.start() - 8) : match.start() + 1])
    ]
    found = (trimmed(text, start, end) for start, end in pairwise([0, *cuts, len(text)]))
    return [span for span in found if span]


def paragraph_of(text: str, span: Span) -> Span:
    """What lies between the blank lines around `span`."""
    before = text.rfind("\n\n", 0, span.start)
    after = text.find("\n\n", span.end)
    return Span(0 if before < 0 else before + 2, len(text) if after < 0 else after)


def paragraph_sentences(text: str, span: Span) -> list[Span]:
    """The sentences of the paragraph around `span`, in coordinates of `text`."""
    paragraph = paragraph_of(text, span)
    return [one.shift(paragraph.start) for one in sentence_spans(paragraph.of(text))]


def sentence_of(text: str, span: Span) -> Span:
    """The sentence that holds the beginning of `span`, stretched to hold all of it."""
    sentences = paragraph_sentences(text, span)
    first = next((one for one in sentences if one.end > span.start), span)
    last = next((one for one in sentences if one.end >= span.end), span)
    return Span(min(first.start, span.start), max(first.end if last is span else last.end, span.end))
