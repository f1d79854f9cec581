"""Confidences when some of the candidates are found to be no answer to the question, whatever the judge said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.evidence import CandidateAnswer


def scaled(answer: CandidateAnswer, by: float) -> CandidateAnswer:
    """The answer with its confidence and those of its places multiplied, 1 at most."""
    places = tuple(replace(place, score=min(1.0, by * place.score)) for place in answer.places)
    return CandidateAnswer(places, min(1.0, by * answer.confidence))


def ruled_out(ranked: Sequence[CandidateAnswer], wrong: Sequence[bool]) -> list[CandidateAnswer]:
    """The candidates with the wrong ones behind, at no confidence.

    Of the others the confidence c becomes c / (1 - that of the wrong ones), which is what c means once those are known
    to be wrong; that nothing answers grows alike.
    """
    if not any(wrong):
        return list(ranked)
    taken = sum(one.confidence for one, is_wrong in zip(ranked, wrong, strict=True) if is_wrong)
    kept = sum(one.confidence for one, is_wrong in zip(ranked, wrong, strict=True) if not is_wrong)
    gain = 1 / max(1 - taken, kept, 1e-9)
    possible = [scaled(one, gain) for one, is_wrong in zip(ranked, wrong, strict=True) if not is_wrong]
    return possible + [scaled(one, 0.0) for one, is_wrong in zip(ranked, wrong, strict=True) if is_wrong]
