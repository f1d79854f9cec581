"""A conversation as values: what was asked, what came of it, and which passage is open beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from corpus.errors import CitespanError
from corpus.types import Document
from qa.exhibits import Exhibit, ExhibitKind, exhibits_of
from qa.types import Answer


class Answerer(Protocol):
    """What the page needs of a pipeline."""

    def ask(self, question: str) -> Answer:
        """Answer or abstain; raises CitespanError where the question or the index does not allow either."""

    def document(self, document_id: str) -> Document:
        """Return the article with this id; raises KeyError for an unknown one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what came of it; neither an answer nor a problem while it is being read."""

    question: str
    answer: Answer | None = None
    exhibits: tuple[Exhibit, ...] = ()
    problem: str | None = None

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
class Conversation:
    """All turns so far, and what is open."""

    turns: tuple[Turn, ...] = ()
    opened: Opened | None = None

    def asked(self, question: str) -> Conversation:
        """With a question put, its answer pending."""
        return replace(self, turns=(*self.turns, Turn(question)))

    def answered(self, answerer: Answerer) -> Conversation:
        """With the pending question answered and its first passage open."""
        turn = _answer(self.turns[-1].question, answerer)
        turns = (*self.turns[:-1], turn)
        return Conversation(turns, Opened(len(turns) - 1) if turn.exhibits else self.opened)

    def open(self, turn: object, exhibit: object, whole: object = False) -> Conversation:
        """With that passage open; numbers that name none (they come from a browser) change nothing."""
        if not isinstance(turn, int) or not isinstance(exhibit, int) or not 0 <= turn < len(self.turns):
            return self
        if not 0 <= exhibit < len(self.turns[turn].exhibits):
            return self
        return replace(self, opened=Opened(turn, exhibit, whole is True))

    @property
    def exhibit(self) -> Exhibit | None:
        """The passage that is open."""
        return self.turns[self.opened.turn].exhibits[self.opened.exhibit] if self.opened else None


def article_of(exhibit: Exhibit, answerer: Answerer) -> Document | None:
    """Fetch the article that an exhibit was cut from; None where it has gone or changed since."""
    try:
        document = answerer.document(exhibit.document_id)
    except KeyError:
        return None
    return document if document.sha256 == exhibit.document_sha256 else None


def _answer(question: str, answerer: Answerer) -> Turn:
    try:
        answer = answerer.ask(question)
    except CitespanError as error:
        return Turn(question, problem=str(error))
    return Turn(question, answer, exhibits_of(answer, answerer.document))
