"""What is asked and answered over HTTP, as OpenAPI describes it: the design's JSON contract, key by key."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa.collection import Terms
from qa.filters.days import read_bound
from qa.filters.types import Filters
from qa.pipeline import LONGEST_QUESTION
from qa.questions import is_storable

_MOST_PASSAGES = 50
_LONGEST_CONVERSATION = 20
_BOUND = "a day, a month or a year: 2022-03-15, 2022-03 or 2022"


class AskBody(BaseModel):
    """One question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=LONGEST_QUESTION, examples=["Who founded the company?"])
    id: str | int | None = Field(None, description="given back as it came")
    collection: str | None = Field(None, description="which collection is asked; the first one where none is named")
    previous: list[str] = Field([], max_length=_LONGEST_CONVERSATION, description="earlier questions, oldest first")
    top_k: int | None = Field(None, ge=1, le=_MOST_PASSAGES, description="how many passages are read")
    target_error: float | None = Field(None, gt=0, lt=1, description="the share of wrong answers that is accepted")
    since: str | None = Field(None, description=f"only articles from then on; {_BOUND}")
    until: str | None = Field(None, description=f"only articles up to then; {_BOUND}")
    source: str | None = Field(None, max_length=500, description="a glob over path, address and publisher: *ledger*")

    @field_validator("question", "source")
    @classmethod
    def _storable(cls, text: str | None) -> str | None:
        if text is not None and not is_storable(text):
            raise ValueError("holds half a surrogate pair; expected text that UTF-8 can store")
        return text

    @field_validator("since", "until")
    @classmethod
    def _a_date(cls, text: str | None) -> str | None:
        if text is not None:
            read_bound(text)
        return text

    def terms(self) -> Terms:
        """The terms of the question."""
        since = read_bound(self.since).first if self.since else None
        until = read_bound(self.until).last if self.until else None
        return Terms(Filters(since, until, self.source or None), self.target_error, self.top_k)


class PassageBody(BaseModel):
    """The passage around a quote; offsets are code points of the article's text."""

    start: int
    end: int
    text: str


class CitationBody(BaseModel):
    """Where a quote stands, such that a program can check it."""

    document_id: str
    title: str
    source: str
    published: date | None
    document_sha256: str = Field(description="SHA-256 of the article's text in UTF-8")
    start: int
    end: int
    quote: str
    passage: PassageBody
    score: float
    publisher: str | None
    url: str | None


class AlternativeBody(BaseModel):
    """Another candidate answer."""

    answer: str
    confidence: float
    citation: CitationBody


class TimingsBody(BaseModel):
    """Milliseconds."""

    retrieve: float
    read: float
    total: float


class AnswerBody(BaseModel):
    """An answer, or an abstention with its reason. Further keys may follow, see docs/design.md."""

    model_config = ConfigDict(extra="allow")

    id: str | int | None
    question: str
    answer: str | None = Field(description="words of an article, to the letter; null where the articles do not say")
    confidence: float = Field(ge=0, le=1)
    abstained: bool
    reason: str | None
    citations: list[CitationBody]
    alternatives: list[AlternativeBody]
    timings_ms: TimingsBody


class ListedBody(BaseModel):
    """One article of the list."""

    id: str
    title: str
    source: str
    published: date | None
    sha256: str
    publisher: str | None
    url: str | None
    passages: int


class DocumentsBody(BaseModel):
    """A page of the list of articles, in order of source."""

    collection: str
    total: int
    documents: list[ListedBody]


class DocumentBody(BaseModel):
    """One article; citations' offsets count in `text`."""

    id: str
    title: str
    source: str
    published: date | None
    sha256: str
    text: str
    publisher: str | None
    url: str | None


class CollectionBody(BaseModel):
    """How much a collection holds."""

    name: str
    documents: int
    passages: int
    generation: int


class HealthBody(BaseModel):
    """That the server can answer, and from what."""

    status: str
    collections: list[CollectionBody]


class ErrorBody(BaseModel):
    """What went wrong: one line, or for a malformed request a list of what is wrong with it."""

    detail: str | list[dict[str, Any]]
