"""The values of answering: what a reader sees and says, what an answer is, and its one JSON form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage


@dataclass(frozen=True, slots=True)
class SpanCandidate:
    """A span that a reader proposes for one passage."""

    span: Span
    """In document coordinates, inside the passage's span."""
    score: float
    """Span logit minus the null logit of its window: log-odds of this span against no answer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says of one (question, passage) pair."""

    passage: Passage
    candidates: tuple[SpanCandidate, ...]
    """Best first, none overlapping; empty only where the passage holds no word."""
    relevance: float | None = None
    """Logit that the passage is about the question, where the model has such a head."""


class Reader(Protocol):
    """Reads passages for a question. Deterministic, and a reading does not depend on the other passages."""

    @property
    def fingerprint(self) -> str:
        """Names the weights and precision."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate answer in its place: the span, the passage it was read in and that passage's retrieval score."""

    candidate: SpanCandidate
    scored: ScoredPassage
    relevance: float | None = None
    """What the reader said of the passage as a whole (see `Reading`)."""
    document: Document | None = None
    """The article around the passage, where it was looked up: its date and its other words."""

    @property
    def text(self) -> str:
        """The words of the span."""
        passage = self.scored.passage
        return self.candidate.span.shift(-passage.span.start).of(passage.text)


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another article that tells the same story and holds the quoted words."""

    document_id: str
    title: str
    source: str
    published: date | None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands, such that a program can check it: `document.text[span.start:span.end] == quote`."""

    document_id: str
    title: str
    source: str
    published: date | None
    document_sha256: str
    span: Span
    quote: str
    passage: Span
    passage_text: str
    score: float
    publisher: str | None = None
    url: str | None = None
    page: int | None = None
    """The page that the quote begins on, from 1, where the article has pages."""
    also_in: tuple[AlsoIn, ...] = ()
    """Copies of the article, which were not read by themselves."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another candidate answer, with its own confidence."""

    answer: str
    confidence: float
    citation: Citation


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of wall clock."""

    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Wording:
    """One place that gives a value: its words with what bounds them, when they hold, and where they stand."""

    text: str
    """The cited words, with a qualifier that stands before them in the article: "more than 14,000"."""
    period: str | None
    """When it holds, as the article tells: "2022", "October 2016"."""
    year: int | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """One value and every article that gives it, however worded."""

    value: str
    """The words of the best place."""
    kind: str
    confidence: float
    wordings: tuple[Wording, ...]
    """Best first; one for each article and period."""

    @property
    def articles(self) -> int:
        """How many articles give this value."""
        return len({wording.citation.document_id for wording in self.wordings})

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it holds for, in order."""
        return tuple(sorted({wording.year for wording in self.wordings if wording.year is not None}))


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A figure in one year; `amount` is in the base unit of the value."""

    year: int
    amount: float
    wording: Wording


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of an answer that is a list."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Support:
    """Where the article names what the question asks about, when it is not the sentence that answers."""

    name: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or an abstention with its reason."""

    question: str
    text: str | None
    """Verbatim words of a document; None when the articles do not say."""
    confidence: float
    """Calibrated probability that the best candidate answers the question, in [0, 1] (also when abstaining)."""
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]
    reason: str | None
    timings: Timings
    nearest: tuple[ScoredPassage, ...] = ()
    """The passages that were found, best first."""
    resolved: str | None = None
    """The question as it was understood from the conversation, where that is not as it was asked."""
    narrowed: str | None = None
    """To which articles the question was put, where not to all, for a person: "published since 1 March 2022"."""
    agreement: tuple[ValueGroup, ...] = ()
    """All values found for what is asked, best first, where several articles or several values speak."""
    timeline: tuple[TimePoint, ...] = ()
    """The figure through the years, oldest first, where it is known for three or more."""
    items: tuple[ListItem, ...] = ()
    """The items, where the answer is a list."""
    in_full: Citation | None = None
    """The sentence or two that explain, around the answer's words, for a question that asks why, how or what."""
    support: tuple[Support, ...] = ()
    """Further places in the cited article that tie the answer to the question."""
    calibrated: bool = True
    """False: no calibration was fitted for the reader, and every confidence is the reader's own word."""

    @property
    def abstained(self) -> bool:
        """Whether the articles were found not to say."""
        return self.text is None
