"""A conversation as values: what was asked on which terms, what came of it, and what is open beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import SimpleQueue

from corpus.errors import CitespanError, IndexUnavailableError
from corpus.types import Document
from qa.collection import EVERYTHING, Collection, Found, Terms
from qa.exhibits import Exhibit, ExhibitKind, exhibits_of
from qa.feedback.types import Verdict
from qa.types import Answer

_REMEMBERED = 10
"""Earlier questions that a follow-up may lean on."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what came of it; neither an answer nor a problem while it is being read."""

    question: str
    answer: Answer | None = None
    exhibits: tuple[Exhibit, ...] = ()
    problem: str | None = None
    found: Found | None = None
    """The first stage, once it is over."""
    ahead: int = 0
    """How many other questions were waiting before it."""
    terms: Terms = EVERYTHING
    collection: str = ""
    caveat: str | None = None
    """What cannot be promised on these terms."""
    verdict: Verdict | None = None
    """What the reader of the page said of the answer."""
    remark: str | None = None
    """What became of that: the right words, or why it could not be kept."""

    @property
    def pending(self) -> bool:
        """Whether the answer is still to come."""
        return self.answer is None and self.problem is None

    def of_kind(self, kind: ExhibitKind) -> list[tuple[int, Exhibit]]:
        """The exhibits of one kind, each with its number in this turn."""
        return [(number, exhibit) for number, exhibit in enumerate(self.exhibits) if exhibit.kind is kind]


@dataclass(frozen=True, slots=True)
class Opened:
    """Which exhibit the source pane shows, by numbers from 0, and whether in the whole article."""

    turn: int
    exhibit: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Browsing:
    """The list of articles from a place in it, or one article of it."""

    collection: str
    offset: int = 0
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns so far, and what is open beside them: a passage, or while one browses the articles."""

    turns: tuple[Turn, ...] = ()
    opened: Opened | None = None
    browsing: Browsing | None = None

    def asked(self, question: str, terms: Terms = EVERYTHING, collection: str = "") -> Conversation:
        """With a question put, its answer pending."""
        return replace(self, turns=(*self.turns, Turn(question, terms=terms, collection=collection)))

    def waiting(self, ahead: int) -> Conversation:
        """With the pending question in line behind others."""
        return replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], ahead=ahead)))

    def refused(self, problem: str) -> Conversation:
        """With the pending question not put, for a reason."""
        return replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], problem=problem)))

    def answered(self, collection: Collection) -> Conversation:
        """With the pending question answered and its first passage open."""
        return self._closed(_answered(self.turns[-1], self._earlier(), collection, lambda _: None))

    def answering(self, collection: Collection) -> Iterator[Conversation]:
        """The same in stages: once passages are found, and once they are read."""
        stages: SimpleQueue[Found | None] = SimpleQueue()
        with ThreadPoolExecutor(1) as reading:
            answer = reading.submit(_answered, self.turns[-1], self._earlier(), collection, stages.put)
            answer.add_done_callback(lambda _: stages.put(None))
            while (found := stages.get()) is not None:
                yield replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], found=found)))
            yield self._closed(answer.result())

    def open(self, turn: object, exhibit: object, whole: object = False) -> Conversation:
        """With that passage open; numbers that name none (they come from a browser) change nothing."""
        chosen = self.turn(turn)
        if chosen is None or not isinstance(turn, int):
            return self
        if not isinstance(exhibit, int) or not 0 <= exhibit < len(chosen.exhibits):
            return self
        return replace(self, opened=Opened(turn, exhibit, whole is True), browsing=None)

    def browse(self, place: Browsing | None) -> Conversation:
        """With the articles open beside the turns, or closed again."""
        return replace(self, browsing=place)

    def remarked(self, number: int, verdict: Verdict | None, remark: str | None) -> Conversation:
        """With what was said of one answer."""
        turn = replace(self.turns[number], verdict=verdict, remark=remark)
        return replace(self, turns=(*self.turns[:number], turn, *self.turns[number + 1 :]))

    @property
    def answers(self) -> list[Answer]:
        """All answers so far."""
        return [turn.answer for turn in self.turns if turn.answer is not None]

    def turn(self, number: object) -> Turn | None:
        """The turn of a number that comes from a browser; None for one that names none."""
        return self.turns[number] if isinstance(number, int) and 0 <= number < len(self.turns) else None

    @property
    def exhibit(self) -> Exhibit | None:
        """The passage that is open."""
        return self.turns[self.opened.turn].exhibits[self.opened.exhibit] if self.opened else None

    def _closed(self, turn: Turn) -> Conversation:
        turns = (*self.turns[:-1], turn)
        if not turn.exhibits:
            return replace(self, turns=turns)
        return replace(self, turns=turns, opened=Opened(len(turns) - 1), browsing=None)

    def _earlier(self) -> list[str]:
        """The questions before, put to the same collection, that could be asked."""
        last = self.turns[-1]
        return [
            turn.question for turn in self.turns[:-1] if turn.answer is not None and turn.collection == last.collection
        ][-_REMEMBERED:]


def article_of(exhibit: Exhibit, collection: Collection) -> Document | None:
    """Fetch the article that an exhibit was cut from; None where it has gone, changed or cannot be read."""
    try:
        document = collection.document(exhibit.document_id)
    except (KeyError, IndexUnavailableError):
        return None
    return document if document.sha256 == exhibit.document_sha256 else None


def _answered(turn: Turn, earlier: list[str], collection: Collection, notice: Callable[[Found], None]) -> Turn:
    target = turn.terms.target_error
    try:
        answer = collection.ask(turn.question, turn.terms, earlier, notice)
        caveat = None if target is None else collection.caveat(target)
        exhibits = exhibits_of(answer, collection.document)
    except CitespanError as error:
        return replace(turn, problem=str(error))
    except KeyError:
        return replace(turn, problem="an article was removed while it was read; ask again")
    return replace(turn, answer=answer, exhibits=exhibits, caveat=caveat)
