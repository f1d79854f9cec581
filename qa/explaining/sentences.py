"""The sentence or two around an answer that can be read by themselves."""

from __future__ import annotations

import re

from corpus.types import Span
from qa.sentences import paragraph_sentences

_LEANS_BACK = re.compile(
    r"[\"“'‘]?(?:it|they|this|that|these|those|he|she|its|their|his|her|because of (?:this|that)|so"
    r"|then|there|but|instead|as a result|"
    r"the (?:first|second|latter|former|reason))\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:this|that|it|they|in other words|the reason|because|so|as a result|for this"
    r"|in the language|which means|here|there|these)\b",
    re.IGNORECASE,
)
_LONG = 320
"""Characters: two sentences are not given where one is this long already."""


def explaining_span(text: str, span: Span) -> Span:
    """The sentence of `span`, with the one before that it leans on or else the one after that goes on."""
    sentences = paragraph_sentences(text, span)
    touched = [place for place, one in enumerate(sentences) if one.overlaps(span)]
    if not touched:
        return span
    first, last = touched[0], touched[-1]
    if first == last and len(sentences[first]) < _LONG:
        if (
            first > 0
            and _LEANS_BACK.match(sentences[first].of(text))
            and _adjoin(text, sentences[first - 1], sentences[first])
        ):
            first -= 1
        elif last + 1 < len(sentences) and _goes_on(text, sentences[last], sentences[last + 1]):
            last += 1
    return Span(sentences[first].start, sentences[last].end)


def _goes_on(text: str, one: Span, after: Span) -> bool:
    return (
        _adjoin(text, one, after) and _GOES_ON.match(after.of(text)) is not None and len(one) + len(after) < 2 * _LONG
    )


def _adjoin(text: str, one: Span, after: Span) -> bool:
    """Whether both stand in one paragraph."""
    return "\n" not in text[one.end : after.start]
