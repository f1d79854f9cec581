"""From judged candidates to an answer that cites them, or to an abstention that shows them and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.types import Document
from index.types import ScoredPassage
from qa.citing import cite
from qa.evidence import CandidateAnswer
from qa.types import Alternative, Answer, Timings
from qa.understanding import Asked, narrowed_phrase
from qa.wording import has_word

_NO_TIME = Timings(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Shown:
    """How many places of the answer are cited at most, and how many other candidates are shown."""

    citations: int
    alternatives: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answer is made of."""

    asked: Asked
    scored: tuple[ScoredPassage, ...]
    documents: Mapping[str, Document]
    candidates: Sequence[CandidateAnswer]
    threshold: float

    @property
    def is_given(self) -> bool:
        """Whether the best candidate is sure enough."""
        return bool(self.candidates) and self.candidates[0].confidence >= self.threshold


def given(draft: Draft, shown: Shown) -> Answer:
    """The best candidate as the answer."""
    best, others = draft.candidates[0], draft.candidates[1 : 1 + shown.alternatives]
    # Only places with the very same words are cited, for a quote must equal what is said, and beside the best only
    # those that would do as the answer by themselves.
    further = [
        place for place in best.places[1:] if place.score >= draft.threshold and place.evidence.text == best.text
    ]
    places = [best.places[0], *further][: shown.citations]
    return Answer(
        question=draft.asked.given,
        text=best.text,
        confidence=best.confidence,
        citations=tuple(cite(place, draft.documents) for place in places),
        alternatives=tuple(_alternative(other, draft) for other in others),
        reason=None,
        timings=_NO_TIME,
        nearest=draft.scored,
        resolved=draft.asked.resolved,
        narrowed=narrowed_phrase(draft.asked.filters),
    )


def kept_back(draft: Draft, shown: Shown, reason: str) -> Answer:
    """No answer; what was found stays visible as alternatives, the best first."""
    return Answer(
        question=draft.asked.given,
        text=None,
        confidence=draft.candidates[0].confidence if draft.candidates else 0.0,
        citations=(),
        alternatives=tuple(_alternative(other, draft) for other in draft.candidates[: shown.alternatives]),
        reason=reason,
        timings=_NO_TIME,
        nearest=draft.scored,
        resolved=draft.asked.resolved,
        narrowed=narrowed_phrase(draft.asked.filters),
    )


def reason_of(draft: Draft, note: str | None) -> str:
    """Why nothing is given; `note` says that confidences are not calibrated, where they are not."""
    if not has_word(draft.asked.text):
        return "The question holds no word to look for."
    if not draft.scored and draft.asked.filters:
        return f"No article {narrowed_phrase(draft.asked.filters)} has a passage that matches the question."
    if not draft.scored:
        return "No passage matches the question."
    if not draft.candidates:
        return "No passage read holds a word."
    if note is not None:
        return "Of no passage read does the reader believe that it answers (its own word, not calibrated)."
    found = _told_apart(draft.candidates[0].confidence, draft.threshold)
    return f"No passage read gives an answer with enough confidence ({found})."


def _alternative(candidate: CandidateAnswer, draft: Draft) -> Alternative:
    return Alternative(candidate.text, candidate.confidence, cite(candidate.places[0], draft.documents))


def _told_apart(confidence: float, threshold: float) -> str:
    """Both with two digits, or with four where two would make them look equal."""
    digits = 2 if f"{confidence:.2f}" != f"{threshold:.2f}" else 4
    return f"{confidence:.{digits}f}, needed {threshold:.{digits}f}"
