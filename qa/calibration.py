"""How sure an answer is: a fitted probability, and the threshold that keeps errors below a target.

The candidates of a question compete with each other and with "the passages do not say": candidate i has the strength
`exp(weights · features_i + bias)`, no answer has 1, and a candidate's share is its strength over the sum of all (a
conditional logit with an outside option, McFadden 1974). Equal answers add up. A logistic curve fitted on other
questions (Platt 1999) turns the share into the confidence. All numbers come from `python -m training.calibrate`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError, UsageError
from qa.evidence import CandidateAnswer, Supported
from qa.features import FEATURES, Matrix, feature_matrix
from qa.model_folder import BUNDLED, read_json_object
from qa.types import Evidence
from qa.wording import answer_key

CALIBRATION = "calibration.json"
_NEVER_ZERO = 1e-9

Shares = NDArray[np.float64]
"""Shape [candidates]; they and the share of no answer sum to 1."""


_Place = tuple[float, Evidence]
"""A candidate with its share."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Strength of a candidate: `weights · (features - means) / scales + bias`."""

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def __post_init__(self) -> None:
        unknown = [name for name in self.features if name not in FEATURES]
        if unknown or not len(self.features) == len(self.means) == len(self.scales) == len(self.weights):
            raise ValueError(f"a scoring needs one mean, scale and weight for each known feature; unknown: {unknown}")

    def strengths(self, matrix: Matrix) -> NDArray[np.float64]:
        """Each candidate's log-odds against no answer, were it the only one; shape [candidates]."""
        standard = (matrix - np.array(self.means)) / np.array(self.scales)
        return np.asarray(standard @ np.array(self.weights) + self.bias, dtype=np.float64)

    def shares(self, matrix: Matrix) -> Shares:
        """Each candidate's share against the others and against no answer."""
        return competing_shares(self.strengths(matrix))


def competing_shares(strengths: NDArray[np.float64]) -> Shares:
    """Softmax over the candidates and an outside option of strength 0; the option's own share is left out."""
    top = max(0.0, float(strengths.max(initial=0.0)))
    raised = np.exp(strengths - top)
    shares: Shares = raised / (raised.sum() + np.exp(-top))
    return shares


@dataclass(frozen=True, slots=True)
class Curve:
    """The logistic curve from the log-odds of a share to those of being right."""

    slope: float
    intercept: float

    def __call__(self, share: float) -> float:
        """The confidence for a share in [0, 1]."""
        bounded = min(max(share, _NEVER_ZERO), 1 - _NEVER_ZERO)
        odds = self.slope * float(np.log(bounded / (1 - bounded))) + self.intercept
        return float(1 / (1 + np.exp(-odds)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted calibration for one reader; `thresholds` maps target errors, ascending, to the confidence needed."""

    reader: str
    scoring: Scoring
    curve: Curve
    thresholds: tuple[tuple[float, float], ...]
    default_target_error: float
    fingerprint: str

    @classmethod
    def load(cls, path: Path = BUNDLED / CALIBRATION) -> Self:
        """Read a fitted calibration; raises ModelError where it is missing or malformed."""
        return cls.from_json(read_json_object(path), str(path))

    @classmethod
    def from_json(cls, values: dict[str, Any], name: str) -> Self:
        """Build it from the object that the fit writes; `name` is for the ModelError."""
        try:
            return cls(
                reader=str(values["reader"]),
                scoring=Scoring(
                    features=tuple(values["features"]),
                    means=_floats(values["means"]),
                    scales=_floats(values["scales"]),
                    weights=_floats(values["weights"]),
                    bias=float(values["bias"]),
                ),
                curve=Curve(float(values["curve"]["slope"]), float(values["curve"]["intercept"])),
                thresholds=tuple((float(target), float(needed)) for target, needed in values["thresholds"]),
                default_target_error=float(values["default_target_error"]),
                fingerprint=hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"{name} is no calibration ({error!r}); refit it with `python -m training.calibrate`"
            ) from error

    @property
    def note(self) -> None:
        """Nothing: a fitted confidence means what it says."""

    def threshold(self, target_error: float | None = None) -> float:
        """The confidence an answer needs so that at most this share of the answers given is wrong (None: the default).

        A target below what the fitting data can prove asks for a confidence of 1 minus the target, see `caveat`.
        Raises UsageError where the target is no share.
        """
        target = self.default_target_error if target_error is None else target_error
        if not 0 < target <= 1:
            raise UsageError(f"the target error is {target}; give a share of wrong answers above 0, at most 1")
        proven = self._proven(target)
        return min(proven) if proven else max([1 - target, *(needed for _, needed in self.thresholds)])

    def caveat(self, target_error: float) -> str | None:
        """What to tell a user whose target cannot be promised; None where it can."""
        if self._proven(target_error) or not self.thresholds:
            return None
        return (
            f"a target error of {target_error:g} cannot be promised: the calibration proves {self.thresholds[0][0]:g} "
            f"at best; only answers with a confidence of at least {self.threshold(target_error):.2f} are given"
        )

    def _proven(self, target: float) -> list[float]:
        return [needed for error, needed in self.thresholds if error <= target + _NEVER_ZERO]

    def judge(self, question: str, candidates: Sequence[Evidence]) -> list[CandidateAnswer]:
        """The candidates as answers, the most confident first; equal wordings are one answer, their shares added.

        The curve is fitted on best answers, so it gives the first its confidence; what that leaves is divided among
        the others by their shares. All confidences sum to 1 at most.
        """
        shares = self.scoring.shares(feature_matrix(question, candidates, self.scoring.features))
        members: dict[str, list[_Place]] = {}
        for one, share in zip(candidates, shares, strict=True):
            members.setdefault(answer_key(one.text), []).append((float(share), one))
        ranked = sorted(members.values(), key=_rank)
        if not ranked:
            return []
        first = _total(ranked[0])
        best = self.curve(first)
        left = (1 - best) / max(1 - first, _NEVER_ZERO)
        others = [self._answer(places, min(best, left * _total(places))) for places in ranked[1:]]
        return [self._answer(ranked[0], best), *others]

    def _answer(self, places: Sequence[_Place], confidence: float) -> CandidateAnswer:
        """One answer; each place has the confidence of the answer were it the only one to say so.

        The same words may stand elsewhere and mean something else ("21 maker spaces", "some 21 each"): what a place
        adds to the sum says little of whether it may be cited, what it is worth alone says just that.
        """
        total = _total(places)
        worth = confidence / self.curve(total)
        alone = [
            Supported(one, worth * self.curve(share / max(1 - total + share, _NEVER_ZERO))) for share, one in places
        ]
        # The sort is stable: of equals the one that the reader prefers stays first.
        return CandidateAnswer(tuple(sorted(alone, key=lambda place: -place.score)), confidence)


def _total(places: Sequence[_Place]) -> float:
    return sum(share for share, _ in places)


def _rank(places: Sequence[_Place]) -> tuple[float, float]:
    return -_total(places), -places[0][1].candidate.score


def _floats(values: Sequence[object]) -> tuple[float, ...]:
    return tuple(float(str(value)) for value in values)
