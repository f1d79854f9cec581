"""The reader stage: the gold context is given, so that only reading and abstaining are measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.types import Document
from eval.gold import GoldDocuments
from eval.stages.context import GivenContext
from eval.stages.rows import Asks, Row, answer_row, refusal, unanswered
from eval.types import Question, Stage


class ReaderStage:
    """Asks the pipeline with the gold context as all there is to find, every part of it read."""

    def __init__(self, pipeline: Asks, given: GivenContext, gold: GoldDocuments, target_error: float | None) -> None:
        self._pipeline = pipeline
        self._given = given
        self._gold = gold
        self._target_error = target_error

    def measure(self, question: Question) -> Row:
        """The answer read in the question's context; offsets are those of the context."""
        context = self._gold.named(question.context)
        reason = refusal(question)
        if context is None:
            reason = f"The context {question.context!r} is not in the index."
        if context is None or reason is not None:
            return answer_row(Stage.READER, question, unanswered(question.text, reason or ""), (), self._gold)
        self._given.put(context)
        answer = self._pipeline.ask(question.text, top_k=self._given.count(), target_error=self._target_error)
        return answer_row(Stage.READER, question, answer, [one.passage for one in answer.nearest], self._gold)


class SetDocuments:
    """The documents of a set, for a reader stage that needs no index."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = {document.id: document for document in documents}

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError for an unknown one."""
        return self._documents[document_id]

    def documents(self) -> Iterator[Document]:
        """All documents, in the order of the set."""
        return iter(self._documents.values())
