"""The candidate that has as many items as the question asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Span
from qa.evidence import CandidateAnswer, Supported
from qa.lists.enumeration import enumeration_around
from qa.lists.wanted import items_wanted
from qa.types import Evidence

SHARE = 0.2
"""Least confidence, as a share of the best candidate's, at which the right number of items outweighs it."""


def items_of(evidence: Evidence, wanted: int) -> list[Span]:
    """The items of the enumeration that a candidate is a part of, in document coordinates."""
    if evidence.document is None:
        return []
    return enumeration_around(evidence.document.text, evidence.candidate.span, wanted)


def fitting_first(question: str, candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with the first that has just the items asked for at the head; it changes places with the best.

    "Which two founders" is not answered by one name: how many there are says more than a reader's small preference.
    """
    ranked = list(candidates)
    wanted = items_wanted(question)
    if not wanted or len(ranked) < 2:
        return ranked
    floor = SHARE * ranked[0].confidence
    fitting = (
        place
        for place, one in enumerate(ranked)
        if one.confidence >= floor and len(items_of(one.places[0].evidence, wanted)) == wanted
    )
    chosen = next(fitting, 0)
    if chosen == 0:
        return ranked
    best, other = ranked[0], ranked[chosen]
    ranked[0], ranked[chosen] = _worth(other, best), _worth(best, other)
    return ranked


def _worth(answer: CandidateAnswer, as_much_as: CandidateAnswer) -> CandidateAnswer:
    """The answer with the other's confidence."""
    first, *rest = answer.places
    place: Supported = replace(first, score=as_much_as.places[0].score)
    return CandidateAnswer((place, *rest), as_much_as.confidence)
