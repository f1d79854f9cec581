"""Reading the passages found, as far as is asked for, and judging what the reader said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from corpus.types import Document
from index.types import ScoredPassage
from qa.abilities import Ability
from qa.enough import WAVE, Stopping, says
from qa.evidence import CandidateAnswer, Judge, gather
from qa.reconsidering import reconsidered
from qa.types import Reader, Reading


@dataclass(frozen=True, slots=True)
class Desk:
    """Who reads, who judges, and what else is done to the order of the candidates."""

    reader: Reader
    judge: Judge
    abilities: Collection[Ability]


@dataclass(frozen=True, slots=True)
class Found:
    """The passages for one question, best first, and their articles by id."""

    question: str
    scored: Sequence[ScoredPassage]
    documents: Mapping[str, Document]


def judged(desk: Desk, found: Found, readings: Mapping[int, Reading]) -> list[CandidateAnswer]:
    """The candidate answers, best first, of the passages of which there is a reading, by their place."""
    places = sorted(readings)
    evidence = gather([found.scored[at] for at in places], [readings[at] for at in places], found.documents)
    return reconsidered(found.question, desk.judge.judge(found.question, evidence), desk.abilities)


def read_all(desk: Desk, found: Found) -> list[CandidateAnswer]:
    """Every passage is read."""
    return judged(desk, found, _read(desk, found, range(len(found.scored))))


def read_enough(desk: Desk, found: Found, stopping: Stopping) -> list[CandidateAnswer]:
    """Passages are read in waves until `stopping` says that it is enough, then those that hold the answer's words."""
    readings: dict[int, Reading] = {}
    for read in range(WAVE, len(found.scored), WAVE):
        readings |= _read(desk, found, range(read - WAVE, read))
        candidates = judged(desk, found, readings)
        if stopping.is_enough(candidates, found.scored, read):
            also = [at for at in range(read, len(found.scored)) if says(candidates[0].text, found.scored[at])]
            if also:
                candidates = judged(desk, found, readings | _read(desk, found, also))
            return stopping.tempered(candidates, read)
    return judged(desk, found, readings | _read(desk, found, range(len(readings), len(found.scored))))


def _read(desk: Desk, found: Found, places: Sequence[int]) -> dict[int, Reading]:
    read = desk.reader.read(found.question, [found.scored[at].passage for at in places])
    return dict(zip(places, read, strict=True))
