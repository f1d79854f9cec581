"""From a question to an answer that is cited, or to an abstention that says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from corpus.errors import ArticleChangedError, ModelError, UsageError
from corpus.types import Document
from index.types import Encoder, ScoredPassage
from qa.calibration import Calibration
from qa.evidence import CandidateAnswer, Judge, Supported, gather
from qa.open_reader import open_reader
from qa.retriever import HybridRetriever, Retriever
from qa.types import Alternative, Answer, Citation, Reader, Timings
from qa.uncalibrated import Uncalibrated
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
    precision: str | None = None
    """Which of the reader's weights are loaded (`qa.precision`), where `Pipeline.load` opens it."""

    def __post_init__(self) -> None:
        if min(self.top_k, self.citations) < 1 or self.alternatives < 0:
            raise ValueError(f"top_k and citations need at least 1, alternatives at least 0, got {self}")


@dataclass(frozen=True, slots=True)
class _Draft:
    """What an answer is made of."""

    question: str
    scored: tuple[ScoredPassage, ...]
    candidates: Sequence[CandidateAnswer]
    threshold: float


class Pipeline:
    """Asks an index questions. Safe to use from several threads; follows an index that grows while it is open."""

    def __init__(
        self, retriever: Retriever, reader: Reader, calibration: Judge, settings: PipelineSettings | None = None
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
        reader: Reader | str | Path | None = None,
        calibration: Calibration | None = None,
        settings: PipelineSettings | None = None,
    ) -> Self:
        """Open the index in `directory`, with the encoder it was made by and the reader that comes along, unless given.

        `reader` may be the folder of one, or the name of a downloaded Hugging Face model. Without a calibration that
        was fitted for it, answers say so (`Answer.calibrated`). Raises IndexUnavailableError where there is no usable
        index and ModelError for a missing or damaged model.
        """
        settings = settings or PipelineSettings()
        retriever = HybridRetriever.open(Path(directory), encoder)
        try:
            return cls(retriever, *_reader_and_judge(reader, calibration, settings.precision), settings)
        except BaseException:
            retriever.close()
            raise

    @property
    def note(self) -> str | None:
        """What to tell a user of every confidence; None where they are calibrated."""
        return self._calibration.note

    def ask(self, question: str, *, top_k: int | None = None, target_error: float | None = None) -> Answer:
        """Answer one question; raises UsageError for one that is empty or too long, or a target that is no share."""
        question = checked_question(question)
        limit = self._settings.top_k if top_k is None else top_k
        if limit < 1:
            raise UsageError(f"top_k is {limit}; give the number of passages to read, at least 1")
        threshold = self._calibration.threshold(self._settings.target_error if target_error is None else target_error)
        for _ in range(_TRIES - 1):
            try:
                return self._ask(question, limit, threshold)
            except ArticleChangedError:
                continue  # a build replaced an article between the search and the citing: search again
        return self._ask(question, limit, threshold)

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

    def _ask(self, question: str, limit: int, threshold: float) -> Answer:
        begun = perf_counter()
        scored = self._retriever.search(question, limit) if has_word(question) else []
        found = perf_counter()
        readings = self._reader.read(question, [one.passage for one in scored])
        candidates = self._calibration.judge(question, gather(scored, readings))
        read = perf_counter()
        draft = _Draft(question, tuple(scored), candidates, threshold)
        given = bool(candidates) and candidates[0].confidence >= threshold
        answer = self._answer(draft) if given else self._abstention(draft)
        calibrated = self._calibration.note is None
        return replace(answer, timings=_timings(begun, found, read, perf_counter()), calibrated=calibrated)

    def _answer(self, draft: _Draft) -> Answer:
        best, others = draft.candidates[0], draft.candidates[1 : 1 + self._settings.alternatives]
        # Only places with the very same words are cited, for a quote must equal what is said, and beside the best only
        # those that would do as the answer by themselves.
        further = [
            place for place in best.places[1:] if place.score >= draft.threshold and place.evidence.text == best.text
        ]
        places = [best.places[0], *further][: self._settings.citations]
        return Answer(
            question=draft.question,
            text=best.text,
            confidence=best.confidence,
            citations=tuple(self._cite(place) for place in places),
            alternatives=tuple(self._alternative(other) for other in others),
            reason=None,
            timings=_NO_TIME,
            nearest=draft.scored,
        )

    def _abstention(self, draft: _Draft) -> Answer:
        """No answer; what was found stays visible as alternatives, the best first."""
        return Answer(
            question=draft.question,
            text=None,
            confidence=draft.candidates[0].confidence if draft.candidates else 0.0,
            citations=(),
            alternatives=tuple(self._alternative(other) for other in draft.candidates[: self._settings.alternatives]),
            reason=self._reason(draft),
            timings=_NO_TIME,
            nearest=draft.scored,
        )

    def _reason(self, draft: _Draft) -> str:
        if not has_word(draft.question):
            return "The question holds no word to look for."
        if not draft.scored:
            return (
                "The index holds no passage to read."
                if self._retriever.count() == 0
                else "No passage matches the question."
            )
        if not draft.candidates:
            return "No passage read holds a word."
        if self._calibration.note is not None:
            return "Of no passage read does the reader believe that it answers (its own word, not calibrated)."
        found = _told_apart(draft.candidates[0].confidence, draft.threshold)
        return f"No passage read gives an answer with enough confidence ({found})."

    def _alternative(self, candidate: CandidateAnswer) -> Alternative:
        return Alternative(candidate.text, candidate.confidence, self._cite(candidate.places[0]))

    def _cite(self, place: Supported) -> Citation:
        evidence = place.evidence
        passage = evidence.scored.passage
        try:
            document = self._retriever.document(passage.document_id)
        except KeyError as error:
            raise ArticleChangedError(
                f"the article {passage.document_id} was removed while it was read; ask again"
            ) from error
        if passage.span.of(document.text) != passage.text:
            raise ArticleChangedError(f"the article {document.source} changed while it was read; ask again")
        return Citation(
            document_id=document.id,
            title=document.title,
            source=document.source,
            published=document.published,
            document_sha256=document.sha256,
            span=evidence.candidate.span,
            quote=evidence.candidate.span.of(document.text),
            passage=passage.span,
            passage_text=passage.text,
            score=place.score,
            publisher=document.publisher,
            url=document.url,
        )

    def close(self) -> None:
        """Close the index; a closed pipeline raises on use."""
        self._retriever.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _reader_and_judge(
    reader: Reader | str | Path | None, calibration: Calibration | None, precision: str | None
) -> tuple[Reader, Judge]:
    """The reader, opened where it is only named, and the calibration given or found for it.

    What comes along must fit together; a reader of the caller's own may have no calibration.
    """
    if reader is not None and not isinstance(reader, str | Path):
        fitting = calibration or Calibration.load()
        own = calibration is None and fitting.reader != reader.fingerprint
        return reader, Uncalibrated(reader.fingerprint) if own else fitting
    opened = open_reader(reader, precision)
    if calibration is None and reader is None and precision is None:
        calibration = Calibration.load()
    return opened.reader, calibration or opened.judge()


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
