"""From a question to an answer that is cited, or to an abstention that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from corpus.errors import ArticleChangedError, ModelError, UsageError
from corpus.types import Document
from index.types import Encoder, ScoredPassage
from qa.abilities import ALL, Ability
from qa.agreement.newest import newest_first
from qa.calibration import Calibration
from qa.citing import cite
from qa.elaboration import elaborated
from qa.evidence import CandidateAnswer, gather
from qa.filters.searching import filtered_search
from qa.filters.types import Filters
from qa.lists.fitting import fitting_first
from qa.retriever import HybridRetriever, Retriever
from qa.timing.asked_for import time_asked_first
from qa.types import Alternative, Answer, Reader, Timings
from qa.understanding import NO_FILTERS, Asked, narrowed_phrase, understand
from qa.wording import has_word

_TRIES = 3
_NO_TIME = Timings(0.0, 0.0, 0.0)
LONGEST_QUESTION = 2000
"""Code points; the reader sees the first 64 word-pieces anyhow."""


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """How much is read and shown; `target_error` None means the calibration's own default."""

    top_k: int = 10
    target_error: float | None = None
    citations: int = 3
    """Places cited for one answer at most."""
    alternatives: int = 5
    abilities: frozenset[Ability] = ALL
    filters: Filters = NO_FILTERS
    """They hold for every question."""

    def __post_init__(self) -> None:
        if min(self.top_k, self.citations) < 1 or self.alternatives < 0:
            raise ValueError(f"top_k and citations need at least 1, alternatives at least 0, got {self}")


@dataclass(frozen=True, slots=True)
class _Draft:
    """What an answer is made of."""

    asked: Asked
    scored: tuple[ScoredPassage, ...]
    documents: Mapping[str, Document]
    candidates: Sequence[CandidateAnswer]
    threshold: float


class Pipeline:
    """Asks an index questions. Safe to use from several threads; follows an index that grows while it is open."""

    def __init__(
        self, retriever: Retriever, reader: Reader, calibration: Calibration, settings: PipelineSettings | None = None
    ) -> None:
        if calibration.reader != reader.fingerprint:
            raise ModelError(
                f"the calibration was fitted for the reader {calibration.reader}, but {reader.fingerprint} is loaded; "
                "refit it with `python -m training.calibrate`"
            )
        self._retriever = retriever
        self._reader = reader
        self._calibration = calibration
        self._settings = settings or PipelineSettings()

    @classmethod
    def load(
        cls,
        directory: str | Path,
        *,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
        calibration: Calibration | None = None,
        settings: PipelineSettings | None = None,
    ) -> Self:
        """Open the index in `directory`, with the encoder it was made by and the reader that comes along, unless given.

        Raises IndexUnavailableError where there is no usable index and ModelError for a missing or damaged model.
        """
        retriever = HybridRetriever.open(Path(directory), encoder)
        try:
            calibration = calibration or Calibration.load()
            if reader is None:
                # ONNX Runtime is loaded with the reader, not with this module.
                from qa.reader import OnnxReader

                reader = OnnxReader.load()
            return cls(retriever, reader, calibration, settings)
        except BaseException:
            retriever.close()
            raise

    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        target_error: float | None = None,
        filters: Filters = NO_FILTERS,
        previous: Sequence[str] = (),
    ) -> Answer:
        """Answer one question, put to the articles that `filters` let in.

        Of a conversation, `previous` are the earlier questions, oldest first; they are asked again where the question
        leans on an answer. Raises UsageError for a question that is empty or too long, or a target that is no share.
        """
        question = checked_question(question)
        earlier = [checked_question(one) for one in previous]
        limit = self._settings.top_k if top_k is None else top_k
        if limit < 1:
            raise UsageError(f"top_k is {limit}; give the number of passages to read, at least 1")
        threshold = self._calibration.threshold(self._settings.target_error if target_error is None else target_error)

        filters = self._settings.filters.narrowed(filters)

        def answer_of(earlier_question: str) -> str | None:
            return self._settled(Asked(earlier_question, earlier_question, filters), limit, threshold).text

        asked = understand(question, earlier, filters, answer_of, self._settings.abilities)
        return self._settled(asked, limit, threshold)

    def ask_many(
        self, questions: Iterable[str], *, top_k: int | None = None, target_error: float | None = None
    ) -> Iterator[Answer]:
        """Answer questions one after the other, in order; raises UsageError at the first that cannot be asked."""
        for question in questions:
            yield self.ask(question, top_k=top_k, target_error=target_error)

    def caveat(self, target_error: float) -> str | None:
        """What to tell a user whose target error cannot be promised; None where it can."""
        return self._calibration.caveat(target_error)

    def document(self, document_id: str) -> Document:
        """The document with this id, as citations name it; raises KeyError for an unknown one."""
        return self._retriever.document(document_id)

    def _settled(self, asked: Asked, limit: int, threshold: float) -> Answer:
        """The answer from one state of the index."""
        for _ in range(_TRIES - 1):
            try:
                return self._ask(asked, limit, threshold)
            except ArticleChangedError:
                continue  # a build replaced an article between the search and the citing: search again
        return self._ask(asked, limit, threshold)

    def _ask(self, asked: Asked, limit: int, threshold: float) -> Answer:
        begun = perf_counter()
        asked, scored = self._search(asked, limit)
        documents = self._documents(scored)
        found = perf_counter()
        readings = self._reader.read(asked.text, [one.passage for one in scored])
        candidates = self._calibration.judge(asked.text, gather(scored, readings, documents))
        if Ability.TIME in self._settings.abilities:
            candidates = newest_first(asked.text, time_asked_first(asked.text, candidates))
        if Ability.LISTS in self._settings.abilities:
            candidates = fitting_first(asked.text, candidates)
        read = perf_counter()
        draft = _Draft(asked, tuple(scored), documents, candidates, threshold)
        given = bool(candidates) and candidates[0].confidence >= threshold
        answer = self._answer(draft) if given else self._abstention(draft)
        answer = elaborated(answer, asked.text, candidates, documents, self._settings.abilities)
        return replace(answer, timings=_timings(begun, found, read, perf_counter()))

    def _search(self, asked: Asked, limit: int) -> tuple[Asked, list[ScoredPassage]]:
        """The passages to read, and the question without a publisher's name that turned out to be none."""
        if not has_word(asked.text):
            return asked, []
        scored = filtered_search(self._retriever, asked.text, limit, asked.filters)
        if scored or asked.guessed is None:
            return asked, scored
        asked = asked.without_guess()
        return asked, filtered_search(self._retriever, asked.text, limit, asked.filters)

    def _documents(self, scored: Sequence[ScoredPassage]) -> dict[str, Document]:
        """The articles of the passages, by id."""
        ids = dict.fromkeys(one.passage.document_id for one in scored)
        try:
            return {key: self._retriever.document(key) for key in ids}
        except KeyError as error:
            raise ArticleChangedError(
                f"the article {error.args[0]} was removed while it was read; ask again"
            ) from error

    def _answer(self, draft: _Draft) -> Answer:
        best, others = draft.candidates[0], draft.candidates[1 : 1 + self._settings.alternatives]
        # Only places with the very same words are cited, for a quote must equal what is said, and beside the best only
        # those that would do as the answer by themselves.
        further = [
            place for place in best.places[1:] if place.score >= draft.threshold and place.evidence.text == best.text
        ]
        places = [best.places[0], *further][: self._settings.citations]
        return Answer(
            question=draft.asked.given,
            text=best.text,
            confidence=best.confidence,
            citations=tuple(cite(place, draft.documents) for place in places),
            alternatives=tuple(self._alternative(other, draft) for other in others),
            reason=None,
            timings=_NO_TIME,
            nearest=draft.scored,
            resolved=draft.asked.resolved,
            narrowed=narrowed_phrase(draft.asked.filters),
        )

    def _abstention(self, draft: _Draft) -> Answer:
        """No answer; what was found stays visible as alternatives, the best first."""
        return Answer(
            question=draft.asked.given,
            text=None,
            confidence=draft.candidates[0].confidence if draft.candidates else 0.0,
            citations=(),
            alternatives=tuple(
                self._alternative(other, draft) for other in draft.candidates[: self._settings.alternatives]
            ),
            reason=self._reason(draft),
            timings=_NO_TIME,
            nearest=draft.scored,
            resolved=draft.asked.resolved,
            narrowed=narrowed_phrase(draft.asked.filters),
        )

    def _reason(self, draft: _Draft) -> str:
        if not has_word(draft.asked.text):
            return "The question holds no word to look for."
        if not draft.scored and draft.asked.filters:
            return f"No article {narrowed_phrase(draft.asked.filters)} has a passage that matches the question."
        if not draft.scored:
            return (
                "The index holds no passage to read."
                if self._retriever.count() == 0
                else "No passage matches the question."
            )
        if not draft.candidates:
            return "No passage read holds a word."
        found = _told_apart(draft.candidates[0].confidence, draft.threshold)
        return f"No passage read gives an answer with enough confidence ({found})."

    def _alternative(self, candidate: CandidateAnswer, draft: _Draft) -> Alternative:
        return Alternative(candidate.text, candidate.confidence, cite(candidate.places[0], draft.documents))

    def close(self) -> None:
        """Close the index; a closed pipeline raises on use."""
        self._retriever.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def checked_question(question: str) -> str:
    """The question without blanks around it; raises UsageError for one that is blank or too long."""
    asked = question.strip()
    if not asked:
        raise UsageError('the question is empty; ask something, for example "Who founded the company?"')
    if len(asked) > LONGEST_QUESTION:
        raise UsageError(
            f"the question has {len(asked):,} characters, at most {LONGEST_QUESTION:,} are read; ask a shorter one"
        )
    return asked


def _told_apart(confidence: float, threshold: float) -> str:
    """Both with two digits, or with four where two would make them look equal."""
    digits = 2 if f"{confidence:.2f}" != f"{threshold:.2f}" else 4
    return f"{confidence:.{digits}f}, needed {threshold:.{digits}f}"


def _timings(begun: float, found: float, read: float, done: float) -> Timings:
    """Milliseconds; the total includes citing."""
    return Timings(1000 * (found - begun), 1000 * (read - found), 1000 * (done - begun))
