"""The figure of the period asked for first, where the articles have figures of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.evidence import CandidateAnswer
from qa.timing.fit import IN_SENTENCE, fit_of
from qa.timing.scope import Tense, scope_of


def time_asked_first(question: str, candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with those of another period behind, where the question names a period and one has it.

    A figure that its own sentence gives to another year is no rival of one that stands with the year asked for: of the
    latter the confidence c becomes c / (1 - that of the former), as if those had not been read, and they get what is
    left, divided as before. Where no candidate stands with the period asked for nothing is moved.
    """
    ranked = list(candidates)
    scope = scope_of(question)
    if len(ranked) < 2 or scope.tense not in {Tense.NAMED, Tense.RELATIVE}:
        return ranked
    fits = [fit_of(scope, one.places[0].evidence) for one in ranked]
    wrong = sum(one.confidence for one, fit in zip(ranked, fits, strict=True) if fit <= -IN_SENTENCE)
    if fits[0] > -IN_SENTENCE or IN_SENTENCE not in fits:
        return ranked
    right = sum(one.confidence for one, fit in zip(ranked, fits, strict=True) if fit >= IN_SENTENCE)
    gain = 1 / max(1 - wrong, right)
    left = max(0.0, 1 - gain * right) / max(1 - right, 1e-9)
    moved = [_scaled(one, gain if fit >= IN_SENTENCE else left) for one, fit in zip(ranked, fits, strict=True)]
    order = sorted(range(len(moved)), key=lambda place: (fits[place] <= -IN_SENTENCE, -moved[place].confidence))
    return [moved[place] for place in order]


def _scaled(answer: CandidateAnswer, by: float) -> CandidateAnswer:
    places = tuple(replace(place, score=min(1.0, by * place.score)) for place in answer.places)
    return CandidateAnswer(places, min(1.0, by * answer.confidence))
