"""When enough has been read: passages are read best first, until no other is likely to change the answer.

What is left unread can still matter in two ways: another answer wins, or the agreement view gains or loses a value. The
chance of either is a logistic function of what is known without reading on, fitted by `python -m training.stopping` on
the questions that the calibration is fitted on. Passages that hold the answer's own words are read in any case: they
make several articles agree. Fewer rivals read make an answer look surer than it is; the fit says by how much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from corpus.errors import ModelError
from index.types import ScoredPassage
from qa.evidence import CandidateAnswer
from qa.model_folder import BUNDLED, read_json_object
from qa.wording import answer_key

STOPPING = "stopping.json"
WAVE = 2
"""Passages read before each decision: one for each core of a small machine, and a number, so that answers do not depend
on the machine."""
_SURE = 1e-3


class Depth(StrEnum):
    """How far the passages found are read."""

    ENOUGH = "enough"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known after the first `read` passages: the log-odds of the best answer, and how its passage compares."""

    odds: float
    fused_gap: float
    """Fused score of the next passage less that of the answer's."""
    dense_gap: float
    """Highest cosine of an unread passage less that of the answer's."""
    fused: float
    dense: float
    read: float
    """Logarithm of how many were read."""

    @property
    def numbers(self) -> tuple[float, ...]:
        """In the order of the weights."""
        return self.odds, self.fused_gap, self.dense_gap, self.fused, self.dense, self.read


@dataclass(frozen=True, slots=True)
class Stopping:
    """The fitted rule for one reader and its calibration; `shifts` maps passages read to a shift of the log-odds."""

    reader: str
    calibration: str
    weights: tuple[float, ...]
    bias: float
    risk: float
    """Reading stops where the chance of a change is below this."""
    shifts: tuple[tuple[int, float], ...]

    @classmethod
    def load(cls, path: Path = BUNDLED / STOPPING) -> Self | None:
        """Read the fitted rule; None where there is none. Raises ModelError where it is malformed."""
        return cls.from_json(read_json_object(path), str(path)) if path.exists() else None

    @classmethod
    def from_json(cls, values: dict[str, Any], name: str) -> Self:
        """Build it from the object that the fit writes; `name` is for the ModelError."""
        try:
            return cls(
                reader=str(values["reader"]),
                calibration=str(values["calibration"]),
                weights=tuple(float(weight) for weight in values["weights"].values()),
                bias=float(values["bias"]),
                risk=float(values["risk"]),
                shifts=tuple((int(read), float(shift)) for read, shift in values["shifts"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(
                f"{name} is no stopping rule ({error!r}); refit it with `python -m training.stopping`"
            ) from error

    def chance(self, known: Known) -> float:
        """The chance that reading on changes the answer or what the articles are shown to agree on."""
        odds = self.bias + sum(weight * number for weight, number in zip(self.weights, known.numbers, strict=True))
        return 1 / (1 + math.exp(-odds))

    def is_enough(self, candidates: Sequence[CandidateAnswer], scored: Sequence[ScoredPassage], read: int) -> bool:
        """Whether the rest of `scored` may stay unread; never before there is any answer."""
        return bool(candidates) and self.chance(known(candidates[0], scored, read)) < self.risk

    def tempered(self, candidates: Sequence[CandidateAnswer], read: int) -> list[CandidateAnswer]:
        """The candidates, the best one as sure as it would be on average had all been read."""
        best = candidates[0]
        shifted = 1 / (1 + math.exp(-(_odds(best.confidence) + dict(self.shifts).get(read, 0.0))))
        confidence = max(shifted, *(one.confidence for one in candidates[1:2]), 0.0)
        scale = confidence / max(best.confidence, _SURE)
        places = tuple(replace(place, score=scale * place.score) for place in best.places)
        return [CandidateAnswer(places, confidence), *candidates[1:]]


def known(best: CandidateAnswer, scored: Sequence[ScoredPassage], read: int) -> Known:
    """What is known when the first `read` of `scored`, not all of them, have been read and `best` came out best."""
    home = best.places[0].evidence.scored
    cosines = [one.dense for one in scored if one.dense is not None]
    least = min(cosines, default=0.0)
    dense = least if home.dense is None else home.dense
    unread = max((one.dense for one in scored[read:] if one.dense is not None), default=least)
    return Known(
        _odds(best.confidence), scored[read].score - home.score, unread - dense, home.score, dense, math.log(read)
    )


def says(answer: str, scored: ScoredPassage) -> bool:
    """Whether the passage holds the words of the answer."""
    return f" {answer_key(answer)} " in f" {answer_key(scored.passage.text)} "


def _odds(confidence: float) -> float:
    bounded = min(max(confidence, _SURE), 1 - _SURE)
    return math.log(bounded / (1 - bounded))
