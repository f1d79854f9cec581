"""From a question to an answer that is cited, or to an abstention that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from corpus.errors import ArticleChangedError, ModelError, UsageError
from corpus.types import Document
from index.types import Encoder, ScoredPassage
from qa.abilities import ALL, Ability
from qa.calibration import Calibration
from qa.copies import with_copies
from qa.drafting import Draft, Shown, given, kept_back, reason_of
from qa.elaboration import elaborated
from qa.enough import Depth, Stopping
from qa.evidence import CandidateAnswer, Judge
from qa.filters.searching import filtered_search
from qa.filters.types import Filters
from qa.in_flight import QUESTIONS
from qa.open_reader import open_reader
from qa.reading import Desk, Found, read_all, read_enough
from qa.retriever import HybridRetriever, Retriever, read_documents
from qa.types import Answer, Reader, Timings
from qa.uncalibrated import Uncalibrated
from qa.understanding import NO_FILTERS, Asked, understand
from qa.wording import has_word

_TRIES = 3
OnFound = Callable[[int, float], None]
"""Is told how many passages were found, and in how many milliseconds."""

LONGEST_QUESTION = 2000
"""Code points; the reader sees the first 64 word-pieces anyhow."""


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """How much is read and shown; `target_error` None means the calibration's own default."""

    top_k: int = 10
    """Passages found and, but for what `depth` leaves out, read."""
    depth: Depth = Depth.ENOUGH
    """Whether reading stops where no other passage is likely to change the answer (it never does without a rule)."""
    target_error: float | None = None
    citations: int = 3
    """Places cited for one answer at most."""
    alternatives: int = 5
    abilities: frozenset[Ability] = ALL
    filters: Filters = NO_FILTERS
    """They hold for every question."""
    precision: str | None = None
    """Which of the reader's weights are loaded (`qa.precision`), where `Pipeline.load` opens it."""

    def __post_init__(self) -> None:
        if min(self.top_k, self.citations) < 1 or self.alternatives < 0:
            raise ValueError(f"top_k and citations need at least 1, alternatives at least 0, got {self}")


class Pipeline:
    """Asks an index questions. Safe to use from several threads; follows an index that grows while it is open."""

    def __init__(
        self,
        retriever: Retriever,
        reader: Reader,
        calibration: Judge,
        settings: PipelineSettings | None = None,
        stopping: Stopping | None = None,
    ) -> None:
        if calibration.reader != reader.fingerprint:
            raise ModelError(
                f"the calibration was fitted for the reader {calibration.reader}, but {reader.fingerprint} is loaded; "
                "refit it with `python -m training.calibrate`"
            )
        self._retriever = retriever
        self._calibration = calibration
        self._settings = settings or PipelineSettings()
        self._stopping = stopping
        self._desk = Desk(reader, calibration, self._settings.abilities)

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
        return cls.over(
            HybridRetriever.open(Path(directory), encoder), reader=reader, calibration=calibration, settings=settings
        )

    @classmethod
    def over(
        cls,
        retriever: Retriever,
        *,
        reader: Reader | str | Path | None = None,
        calibration: Calibration | None = None,
        settings: PipelineSettings | None = None,
    ) -> Self:
        """Ask what `retriever` finds, with the reader that `load` would open; the retriever is closed with the rest."""
        settings = settings or PipelineSettings()
        try:
            own, judge, stopping = _reader_and_judge(reader, calibration, settings.precision)
            return cls(retriever, own, judge, settings, stopping)
        except BaseException:
            retriever.close()
            raise

    @property
    def note(self) -> str | None:
        """What to tell a user of every confidence; None where they are calibrated."""
        return self._calibration.note

    @property
    def default_target_error(self) -> float | None:
        """The share of wrong answers that is accepted unless another is asked for; None without a calibration."""
        return self._settings.target_error or self._calibration.default_target_error

    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        target_error: float | None = None,
        filters: Filters = NO_FILTERS,
        previous: Sequence[str] = (),
        on_found: OnFound | None = None,
    ) -> Answer:
        """Answer one question, put to the articles that `filters` let in.

        `on_found` is called before the passages found are read. Of a conversation, `previous` are the earlier
        questions, oldest first; they are asked again where the question leans on an answer. Raises UsageError for a
        question that is empty or too long, or a target that is no share.
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

        with QUESTIONS.one():
            asked = understand(question, earlier, filters, answer_of, self._settings.abilities)
            return self._settled(asked, limit, threshold, on_found)

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

    def _settled(self, asked: Asked, limit: int, threshold: float, on_found: OnFound | None = None) -> Answer:
        """The answer from one state of the index."""
        for _ in range(_TRIES - 1):
            try:
                return self._ask(asked, limit, threshold, on_found)
            except ArticleChangedError:
                continue  # a build replaced an article between the search and the citing: search again
        return self._ask(asked, limit, threshold, on_found)

    def _ask(self, asked: Asked, limit: int, threshold: float, on_found: OnFound | None) -> Answer:
        begun = perf_counter()
        asked, scored = self._search(asked, limit)
        documents = self._documents(scored)
        found = perf_counter()
        if on_found is not None:
            on_found(len(scored), 1000 * (found - begun))
        candidates = self._candidates(Found(asked.text, scored, documents))
        read = perf_counter()
        draft = Draft(asked, tuple(scored), documents, candidates, threshold)
        shown = Shown(self._settings.citations, self._settings.alternatives)
        answer = given(draft, shown) if draft.is_given else kept_back(draft, shown, self._reason(draft))
        answer = elaborated(answer, asked.text, candidates, documents, self._settings.abilities)
        answer = with_copies(answer, self._retriever, asked.filters)
        calibrated = self._calibration.note is None
        return replace(answer, timings=_timings(begun, found, read, perf_counter()), calibrated=calibrated)

    def _candidates(self, found: Found) -> list[CandidateAnswer]:
        """What the passages say, as far as they are read."""
        if self._stopping is None or self._settings.depth is Depth.ALL:
            return read_all(self._desk, found)
        return read_enough(self._desk, found, self._stopping)

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
            return read_documents(self._retriever, ids)
        except KeyError as error:
            raise ArticleChangedError(
                f"the article {error.args[0]} was removed while it was read; ask again"
            ) from error

    def _reason(self, draft: Draft) -> str:
        """Why nothing is given; an index without any passage says so, whatever the question."""
        if not draft.scored and has_word(draft.asked.text) and self._retriever.count() == 0:
            return "The index holds no passage to read."
        return reason_of(draft, self._calibration.note)

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
) -> tuple[Reader, Judge, Stopping | None]:
    """The reader, opened where it is only named, the calibration given or found for it, and when it has read enough.

    What comes along must fit together; a reader of the caller's own may have no calibration.
    """
    if reader is not None and not isinstance(reader, str | Path):
        fitting = calibration or Calibration.load()
        own = calibration is None and fitting.reader != reader.fingerprint
        return reader, Uncalibrated(reader.fingerprint) if own else fitting, None
    opened = open_reader(reader, precision)
    if calibration is None and reader is None and precision is None:
        calibration = Calibration.load()
    judge = calibration or opened.judge()
    return opened.reader, judge, opened.stopping(judge)


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


def _timings(begun: float, found: float, read: float, done: float) -> Timings:
    """Milliseconds; the total includes citing."""
    return Timings(1000 * (found - begun), 1000 * (read - found), 1000 * (done - begun))
