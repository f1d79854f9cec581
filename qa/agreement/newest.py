"""The newest answer first, where a question asks how things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.agreement.family import Member, family_of
from qa.candidate_values import value_groups
from qa.evidence import CandidateAnswer, Supported
from qa.reweighing import scaled
from qa.timing.scope import Tense, scope_of
from qa.values.types import Kind

SHARE = 0.2
"""Least confidence, as a share of the best candidate's, at which a newer figure may take its place."""


def newest_first(question: str, candidates: Sequence[CandidateAnswer]) -> list[CandidateAnswer]:
    """The candidates with the newest of the best one's family first, where the present is asked for.

    Figures of several years do not contradict each other, so that the older ones do not count against the newest: its
    confidence c becomes c / (1 - the others'), as if they had not been read; what is left is divided as before. The
    same holds where the newest is the best one already.
    """
    ranked = list(candidates)
    if len(ranked) < 2 or scope_of(question).tense is not Tense.PRESENT:
        return ranked
    best = ranked[0].places[0]
    family = [
        one
        for one in family_of(question, ranked)
        if not one.is_forecast and one.period and (one.place.score >= SHARE * best.score or one.place is best)
    ]
    if not family or family[0].value.kind in {Kind.NAME, Kind.DATE, Kind.TEXT}:
        return ranked
    newest = max(family, key=_recency)
    chosen, head = _answer_with(newest, ranked), newest.place
    if chosen is ranked[0] or _same_value(chosen, ranked[0]):
        chosen, head = ranked[0], best
        family = [one for one in family if _tells_more(newest, one.place)]
    elif not _tells_more(newest, best):
        return ranked
    older = {id(answer): answer.confidence for answer in (_answer_with(one, ranked) for one in family)}
    older = {key: confidence for key, confidence in older.items() if key != id(chosen)}
    return _without(sum(older.values()), chosen, head, ranked) if older else ranked


def _without(
    taken: float, chosen: CandidateAnswer, head: Supported, ranked: Sequence[CandidateAnswer]
) -> list[CandidateAnswer]:
    """The candidates with `chosen` first, as sure as if what had `taken` some of the confidence had not been read."""
    confidence = chosen.confidence / max(1 - taken, chosen.confidence)
    scale = (1 - confidence) / max(1 - chosen.confidence, 1e-9)
    others = [scaled(one, scale) for one in ranked if one is not chosen]
    places = (replace(head, score=confidence), *(one for one in chosen.places if one is not head))
    return [CandidateAnswer(places, confidence), *others]


def _recency(member: Member) -> tuple[date, float]:
    return (member.period.last if member.period else date.min), member.place.score


def _tells_more(newest: Member, best: Supported) -> bool:
    """Whether the figure holds for a time after the article of the best one was written."""
    article = best.evidence.document
    if newest.place is best or article is None or article.published is None:
        return False
    days = [day for day in (newest.time.published, newest.period and newest.period.last) if day]
    return bool(days) and min(days) > article.published


def _answer_with(member: Member, candidates: Sequence[CandidateAnswer]) -> CandidateAnswer:
    """The candidate answer that this place belongs to."""
    return next(answer for answer in candidates if any(place is member.place for place in answer.places))


def _same_value(one: CandidateAnswer, other: CandidateAnswer) -> bool:
    return len(value_groups([one.places[0].evidence, other.places[0].evidence])) == 1
