"""One value in several wordings is one answer: "Ms Oske" and "Maren Oske", "40" and "40 turbines"."""

from __future__ import annotations

from collections.abc import Sequence

from qa.candidate_values import value_groups, value_of
from qa.evidence import CandidateAnswer
from qa.values.types import Kind


def values_together(candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with those of the best one's value added to it: of several wordings one is not less sure.

    Candidates exclude each other, so that their confidences add up. What is no value stays apart: two texts that
    differ are two answers. The best one's own words stay those of the answer.
    """
    ranked = list(candidates)
    if len(ranked) < 2 or value_of(ranked[0].places[0].evidence).kind is Kind.TEXT:
        return ranked
    alike = set(value_groups([one.places[0].evidence for one in ranked])[0])
    if alike == {0}:
        return ranked
    best = ranked[0]
    others = [ranked[place] for place in sorted(alike - {0})]
    further = [*best.places[1:], *(place for one in others for place in one.places)]
    places = (best.places[0], *sorted(further, key=lambda place: -place.score))
    together = CandidateAnswer(places, min(1.0, best.confidence + sum(one.confidence for one in others)))
    return [together, *(one for place, one in enumerate(ranked) if place not in alike)]
