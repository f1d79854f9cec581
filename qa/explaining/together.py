"""Phrases of one explanation are one answer: what explains is the sentence, whichever words of it are preferred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Span
from qa.evidence import CandidateAnswer, Supported
from qa.explaining.wanted import asks_for_reasons
from qa.sentences import sentence_of


def sentences_together(question: str, candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with those added to the best one that stand in its sentence, for why and how.

    Each of them was judged as if the phrase were the answer, and they exclude each other; the answer given is the whole
    explanation, which is right where any of them is.
    """
    ranked = list(candidates)
    if len(ranked) < 2 or not asks_for_reasons(question):
        return ranked
    best = ranked[0]
    home = _sentence(best.places[0])
    if home is None:
        return ranked
    inside = [one for one in ranked[1:] if _stands_in(one.places[0], best.places[0], home)]
    if not inside:
        return ranked
    confidence = min(1.0, best.confidence + sum(one.confidence for one in inside))
    first = replace(best.places[0], score=confidence)
    rest = [one for one in ranked[1:] if not any(one is other for other in inside)]
    return [CandidateAnswer((first, *best.places[1:]), confidence), *rest]


def _sentence(place: Supported) -> Span | None:
    document = place.evidence.document
    return sentence_of(document.text, place.evidence.candidate.span) if document else None


def _stands_in(place: Supported, best: Supported, home: Span) -> bool:
    same = place.evidence.scored.passage.document_id == best.evidence.scored.passage.document_id
    span = place.evidence.candidate.span
    return same and home.start <= span.start and span.end <= home.end
