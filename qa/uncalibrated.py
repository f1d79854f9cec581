"""Answers of a reader that no calibration was fitted for: its own word is passed on and called that.

The score of a candidate is its log-odds against "no answer" in its own window (`qa.decoding`), so the logistic function
gives what the reader itself believes of it. An answer is given where that is more than one half, the rule that SQuAD
2.0's readers are trained to (Rajpurkar et al. 2018). It is no probability of being right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.errors import UsageError
from qa.evidence import CandidateAnswer, Supported
from qa.types import Evidence
from qa.wording import answer_key

_EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Uncalibrated:
    """Stands where a `Calibration` would; `fitted` names the readers that calibrations lie there for, if any."""

    reader: str
    fitted: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What a user is told."""
        others = f" (there is one for {', '.join(self.fitted)})" if self.fitted else ""
        return (
            f"no calibration was fitted for the reader {self.reader}{others}: its confidence is the reader's own word, "
            "not a probability of being right; fit one with `python -m training.calibrate --model FOLDER`"
        )

    @property
    def fingerprint(self) -> str:
        """What a run notes as its calibration."""
        return "none"

    @property
    def default_target_error(self) -> None:
        """None: no target can be kept."""

    def threshold(self, target_error: float | None = None) -> float:
        """One half; raises UsageError for a target, which only a calibration can be held to."""
        if target_error is not None:
            raise UsageError(
                f"a target error of {target_error:g} cannot be kept: no calibration was fitted for the reader "
                f"{self.reader}; leave --target-error out, or fit one with `python -m training.calibrate`"
            )
        return _EVEN

    def caveat(self, target_error: float) -> str | None:
        """None: a target is refused as a whole."""
        return None

    def judge(self, question: str, candidates: Sequence[Evidence]) -> list[CandidateAnswer]:
        """The candidates as answers, the one that the reader prefers first; equal wordings are one answer."""
        members: dict[str, list[Supported]] = {}
        for one in candidates:
            members.setdefault(answer_key(one.text), []).append(Supported(one, own_word(one.candidate.score)))
        answers = [
            CandidateAnswer(tuple(sorted(places, key=_reader_score, reverse=True)), max(one.score for one in places))
            for places in members.values()
        ]
        return sorted(answers, key=lambda answer: -answer.places[0].evidence.candidate.score)


def own_word(score: float) -> float:
    """The logistic function of a reader's log-odds; cut where it would overflow."""
    return float(1 / (1 + np.exp(-np.clip(score, -700.0, 700.0))))


def _reader_score(place: Supported) -> float:
    return place.evidence.candidate.score
