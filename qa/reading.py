"""Reading the passages found, as far as is asked for, and judging what the reader said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from corpus.types import Document
from index.types import ScoredPassage
from qa.abilities import Ability
from qa.enough import WAVE, Stopping, known, says
from qa.evidence import CandidateAnswer, Judge, gather
from qa.reading_ahead import underway
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
    read = desk.reader.read(found.question, [one.passage for one in found.scored])
    return judged(desk, found, dict(enumerate(read)))


def read_enough(desk: Desk, found: Found, stopping: Stopping) -> list[CandidateAnswer]:
    """Passages are read in waves until `stopping` says that it is enough, then those that hold the answer's words."""
    every, readings = range(len(found.scored)), dict[int, Reading]()
    with underway(desk.reader, found.question, [one.passage for one in found.scored]) as reading:

        def read(places: Sequence[int], then: Sequence[int] = ()) -> list[CandidateAnswer]:
            readings.update(zip(places, reading.take(places, then), strict=True))
            return judged(desk, found, readings)

        for count in every[WAVE::WAVE]:
            candidates = read(every[count - WAVE : count], every[count:])
            if candidates and stopping.stops(known(found.question, candidates[0], found.scored, count)):
                also = [at for at in every[count:] if says(candidates[0].text, found.scored[at])]
                return stopping.tempered(read(also) if also else candidates, count)
        return read(every[len(readings) :])
