"""What a person says of one answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.types import Span


class Verdict(StrEnum):
    """What was said; of an abstention `RIGHT` means that the articles indeed do not say."""

    RIGHT = "right"
    WRONG = "wrong"
    SHOULD_ABSTAIN = "should-abstain"


@dataclass(frozen=True, slots=True)
class Correct:
    """The words that would have been right, where they stand."""

    document_id: str
    source: str
    document_sha256: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict on one answer, with what it takes to make a question with its answer of it."""

    question: str
    """As it was understood: a set has no conversation to lean on."""
    verdict: Verdict
    answer: str | None
    source: str | None
    """Of the article the answer was quoted from."""
    confidence: float
    correct: Correct | None = None
