"""When enough has been read: passages are read best first, until no other is likely to change what is shown.

What is left unread can still matter in two ways: another answer wins, or the agreement view gains or loses a value. The
chance of each is a logistic function of what is known without reading on, fitted by `python -m training.stopping` on
the questions that the calibration is fitted on; reading stops where both are small enough. Passages that hold the
answer's own words are read in any case: they make several articles agree. Fewer rivals read make an answer look surer
than it is; the fit says by how much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from corpus.errors import ModelError
from index.types import ScoredPassage
from qa.evidence import CandidateAnswer
from qa.features import content_stems, share_held
from qa.model_folder import BUNDLED, read_json_object
from qa.wording import answer_key

STOPPING = "stopping.json"
WAVE = 2
"""Passages read before each decision: one for each core of a small machine, and a number, so that answers do not depend
on the machine."""
_SURE = 1e-3
_FAR = 500.0


class Depth(StrEnum):
    """How far the passages found are read."""

    ENOUGH = "enough"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known after the first `read` passages: of the best answer, and how its passage compares to the unread."""

    odds: float
    """Log-odds of the best answer."""
    relevance: float
    """What the reader said of its passage as a whole."""
    fused_gap: float
    """Fused score of the next passage less that of the answer's."""
    dense_gap: float
    """Highest cosine of an unread passage less that of the answer's."""
    dense_rise: float
    """The same less the highest of a passage read."""
    fused: float
    dense: float
    held: float
    """Share of the question's words that the answer's passage holds."""
    held_gap: float
    """Most that an unread passage holds, less that."""
    digits: float
    """1 where the answer has a digit: most values of agreement views are numbers and dates."""
    read: float
    """Logarithm of how many were read."""

    @property
    def numbers(self) -> tuple[float, ...]:
        """All of it, in the order of the fields."""
        return _NUMBERS(self)

    @property
    def is_first(self) -> bool:
        """Whether no decision went before."""
        return self.read <= math.log(WAVE)


_NAMES = tuple(one.name for one in fields(Known))
_NUMBERS: Callable[[Known], tuple[float, ...]] = attrgetter(*_NAMES)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A chance: the logistic function of a weighted sum."""

    weights: tuple[float, ...]
    """In the order of Known's fields."""
    bias: float

    def __call__(self, known: Known) -> float:
        """The chance, in [0, 1]."""
        odds = self.bias + sum(weight * number for weight, number in zip(self.weights, known.numbers, strict=True))
        return 1 / (1 + math.exp(-max(min(odds, _FAR), -_FAR)))


@dataclass(frozen=True, slots=True)
class Change:
    """How likely one thing changes when all is read: after the first wave and after the later ones."""

    first: Logistic
    later: Logistic
    risk: float
    """The chance that is taken."""

    def is_unlikely(self, known: Known) -> bool:
        """Whether its chance is below the risk."""
        return (self.first if known.is_first else self.later)(known) < self.risk


@dataclass(frozen=True, slots=True)
class Stopping:
    """The fitted rule for one reader and its calibration; `shifts` maps passages read to a shift of the log-odds."""

    reader: str
    calibration: str
    answer: Change
    view: Change
    shifts: tuple[tuple[int, float], ...]

    @classmethod
    def load(cls, path: Path = BUNDLED / STOPPING) -> Self | None:
        """Read the fitted rule; None where there is none, or one of before it had two chances, which fits no more.

        Raises ModelError where it is malformed.
        """
        if not path.exists():
            return None
        values = read_json_object(path)
        return None if "weights" in values else cls.from_json(values, str(path))

    @classmethod
    def from_json(cls, values: dict[str, Any], name: str) -> Self:
        """Build it from the object that the fit writes; `name` is for the ModelError."""
        try:
            return cls(
                reader=str(values["reader"]),
                calibration=str(values["calibration"]),
                answer=_change(values["answer"]),
                view=_change(values["view"]),
                shifts=tuple((int(read), float(shift)) for read, shift in values["shifts"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(
                f"{name} is no stopping rule ({error!r}); refit it with `python -m training.stopping`"
            ) from error

    def stops(self, known: Known) -> bool:
        """Whether the rest may stay unread; never after more passages than the fit has seen."""
        deepest = max((read for read, _ in self.shifts), default=0)
        seen = known.read <= math.log(max(deepest, 1))
        return seen and self.answer.is_unlikely(known) and self.view.is_unlikely(known)

    def tempered(self, candidates: Sequence[CandidateAnswer], read: int) -> list[CandidateAnswer]:
        """The candidates, the best one as sure as it would be on average had all been read."""
        best = candidates[0]
        shifted = 1 / (1 + math.exp(-(_odds(best.confidence) + dict(self.shifts).get(read, 0.0))))
        confidence = max(shifted, *(one.confidence for one in candidates[1:2]), 0.0)
        scale = confidence / max(best.confidence, _SURE)
        places = tuple(replace(place, score=scale * place.score) for place in best.places)
        return [CandidateAnswer(places, confidence), *candidates[1:]]


def known(question: str, best: CandidateAnswer, scored: Sequence[ScoredPassage], read: int) -> Known:
    """What is known when the first `read` of `scored`, not all of them, have been read and `best` came out best."""
    evidence = best.places[0].evidence
    home, unread, wanted = evidence.scored, scored[read:], content_stems(question)
    least = min((one.dense for one in scored if one.dense is not None), default=0.0)
    held = share_held(wanted, home.passage)
    nearest = _nearest(unread, least)
    dense = least if home.dense is None else home.dense
    return Known(
        odds=_odds(best.confidence),
        relevance=evidence.relevance or 0.0,
        fused_gap=unread[0].score - home.score,
        dense_gap=nearest - dense,
        dense_rise=nearest - _nearest(scored[:read], least),
        fused=home.score,
        dense=dense,
        held=held,
        held_gap=max(share_held(wanted, one.passage) for one in unread) - held,
        digits=float(any(map(str.isdigit, best.text))),
        read=math.log(read),
    )


def _nearest(scored: Sequence[ScoredPassage], least: float) -> float:
    return max((one.dense for one in scored if one.dense is not None), default=least)


def _change(values: dict[str, Any]) -> Change:
    return Change(_logistic(values["first"]), _logistic(values["later"]), float(values["risk"]))


def _logistic(values: dict[str, Any]) -> Logistic:
    weights = tuple(float(values["weights"][name]) for name in _NAMES)
    return Logistic(weights, float(values["bias"]))


def says(answer: str, scored: ScoredPassage) -> bool:
    """Whether the passage holds the words of the answer."""
    return f" {answer_key(answer)} " in f" {answer_key(scored.passage.text)} "


def _odds(confidence: float) -> float:
    bounded = min(max(confidence, _SURE), 1 - _SURE)
    return math.log(bounded / (1 - bounded))
