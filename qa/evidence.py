"""From readings to candidate answers in their places: every place once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.types import Document
from index.types import ScoredPassage
from qa.types import Evidence, Reading


@dataclass(frozen=True, slots=True)
class Supported:
    """A candidate in its place; `score` is the confidence that its answer would have from this place alone."""

    evidence: Evidence
    score: float


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """One answer with the places that give it, best first, and the calibrated probability that it is right."""

    places: tuple[Supported, ...]
    confidence: float

    @property
    def text(self) -> str:
        """The words of the best place."""
        return self.places[0].evidence.text


class Judge(Protocol):
    """Turns candidates into answers with a confidence, for one reader, and says from where on they are given."""

    @property
    def reader(self) -> str:
        """Fingerprint of the reader that it was made for."""

    @property
    def fingerprint(self) -> str:
        """Names this judge."""

    @property
    def note(self) -> str | None:
        """What to tell a user of all its confidences; None where they are calibrated."""

    @property
    def default_target_error(self) -> float | None:
        """The target where none is given; None where none can be kept."""

    def threshold(self, target_error: float | None = None) -> float:
        """The confidence that an answer needs; raises UsageError for a target that makes no sense here."""

    def caveat(self, target_error: float) -> str | None:
        """What to tell a user whose target cannot be promised; None where it can."""

    def judge(self, question: str, candidates: Sequence[Evidence]) -> list[CandidateAnswer]:
        """The candidates as answers, the most confident first."""


def gather(
    scored: Sequence[ScoredPassage], readings: Sequence[Reading], documents: Mapping[str, Document] | None = None
) -> list[Evidence]:
    """All candidates, best reader score first; of candidates that overlap in their document only the best is kept.

    `documents`, by id, are the articles of the passages; without them nothing is known of date and surroundings.
    """
    articles = documents or {}
    found = [
        Evidence(candidate, passage, reading.relevance, articles.get(passage.passage.document_id))
        for passage, reading in zip(scored, readings, strict=True)
        for candidate in reading.candidates
    ]
    found.sort(key=lambda one: (-one.candidate.score, one.scored.passage.document_id, one.candidate.span))
    kept: list[Evidence] = []
    for one in found:
        if not any(_same_place(one, other) for other in kept):
            kept.append(one)
    return kept


def _same_place(one: Evidence, other: Evidence) -> bool:
    same_document = one.scored.passage.document_id == other.scored.passage.document_id
    return same_document and one.candidate.span.overlaps(other.candidate.span)
