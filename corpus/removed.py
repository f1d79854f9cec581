"""What of an article no passage holds: its page furniture, line by line, and why each counts as such."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from corpus.cleaning import blocks
from corpus.furniture import is_photo_credit
from corpus.types import BlockKind, Document, Span


class Why(StrEnum):
    """Why a line is furniture."""

    ITS_WORDS = "page furniture by its words"
    CAPTION = "caption with a picture's credit"
    REPEATED = "repeated across the folder"


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line of furniture; it stays in the document's text, at `span`."""

    span: Span
    text: str
    why: Why


def removed_from(document: Document, repeated: Collection[Span]) -> tuple[RemovedLine, ...]:
    """The furniture of `document` in order; `repeated` is what the folder gives away."""
    return tuple(
        RemovedLine(block.span, words := block.span.of(document.text), _why(block.span, words, repeated))
        for block in blocks(document.text, repeated)
        if block.kind is BlockKind.FURNITURE
    )


def _why(span: Span, words: str, repeated: Collection[Span]) -> Why:
    if span in repeated:
        return Why.REPEATED
    return Why.CAPTION if is_photo_credit(words) else Why.ITS_WORDS
