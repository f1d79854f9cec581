"""What can be shown of an answer: each passage in its article, with the words that count in it.

The terminal and the page both draw exhibits; neither decides what there is to see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.types import Document, Span
from index.types import ScoredPassage
from qa.types import AlsoIn, Answer, Citation

DocumentOf = Callable[[str], Document]
"""Looks a document up by its id."""

_WORTH_SHOWING = 0.01
"""A person is spared candidates with less than one chance in a hundred; the JSON has them all."""


class ExhibitKind(StrEnum):
    """Why a passage is shown."""

    CITATION = "citation"
    ALTERNATIVE = "alternative"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One passage of one article; both spans are in document coordinates."""

    kind: ExhibitKind
    document_id: str
    title: str
    source: str
    published: date | None
    publisher: str | None
    url: str | None
    passage: Span
    passage_text: str
    document_sha256: str
    mark: Span | None = None
    """The answering words; None where a passage is merely near the question."""
    confidence: float | None = None
    page: int | None = None
    """The page that the mark, or else the passage, begins on."""
    also_in: tuple[AlsoIn, ...] = ()

    @property
    def quote(self) -> str | None:
        """The marked words."""
        return self.mark.shift(-self.passage.start).of(self.passage_text) if self.mark else None

    @property
    def local_mark(self) -> Span | None:
        """The mark in coordinates of the passage."""
        return self.mark.shift(-self.passage.start) if self.mark else None


def exhibits_of(answer: Answer, document_of: DocumentOf) -> tuple[Exhibit, ...]:
    """Citations first, or for an abstention the nearest passages; then the other candidates.

    A confidence that is not calibrated is not shown.
    """

    def shown(confidence: float) -> float | None:
        return confidence if answer.calibrated else None

    cited = [_from_citation(citation, ExhibitKind.CITATION, shown(answer.confidence)) for citation in answer.citations]
    worth = [item for item in answer.alternatives if item.confidence >= _WORTH_SHOWING]
    others = [_from_citation(item.citation, ExhibitKind.ALTERNATIVE, shown(item.confidence)) for item in worth]
    nearest = [_from_passage(scored, document_of) for scored in answer.nearest] if answer.abstained else []
    return (*cited, *nearest, *others)


def only(exhibits: tuple[Exhibit, ...], kind: ExhibitKind) -> tuple[Exhibit, ...]:
    """Those of one kind, in order."""
    return tuple(exhibit for exhibit in exhibits if exhibit.kind is kind)


def _from_citation(citation: Citation, kind: ExhibitKind, confidence: float | None) -> Exhibit:
    return Exhibit(
        kind=kind,
        document_id=citation.document_id,
        title=citation.title,
        source=citation.source,
        published=citation.published,
        publisher=citation.publisher,
        url=citation.url,
        passage=citation.passage,
        passage_text=citation.passage_text,
        document_sha256=citation.document_sha256,
        mark=citation.span,
        confidence=confidence,
        page=citation.page,
        also_in=citation.also_in,
    )


def _from_passage(scored: ScoredPassage, document_of: DocumentOf) -> Exhibit:
    passage = scored.passage
    document = document_of(passage.document_id)
    return Exhibit(
        kind=ExhibitKind.NEAREST,
        document_id=document.id,
        title=document.title,
        source=document.source,
        published=document.published,
        publisher=document.publisher,
        url=document.url,
        passage=passage.span,
        passage_text=passage.text,
        document_sha256=document.sha256,
        page=document.page_at(passage.span.start),
    )
