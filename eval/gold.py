"""Where the gold of a question is: its documents in the index, and the passages that hold its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from corpus.types import Document, Passage, Span
from eval.metrics import holds_answer
from eval.report.marking import occurrences
from eval.types import Question

_MARGIN = 300
"""Characters of an excerpt around the gold answer, on either side."""


class DocumentStore(Protocol):
    """What is needed of an index (or of the documents of a set) to find gold in it."""

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError for an unknown one."""

    def documents(self) -> Iterator[Document]:
        """All documents."""


class GoldDocuments:
    """The documents of an index by the names that a set gives them: names are held in memory, texts are not."""

    def __init__(self, store: DocumentStore) -> None:
        self.store = store
        self._ids_by_name: dict[str, list[str]] = {}
        for document in store.documents():
            for name in _names(document):
                self._ids_by_name.setdefault(name, []).append(document.id)
        self._holding: dict[tuple[str, ...], bool] = {}

    def ids(self, name: str) -> Sequence[str]:
        """The documents that `name` stands for: source equal to it or ending with "/" and it, or URL equal to it."""
        return self._ids_by_name.get(name, ())

    def named(self, name: str) -> Document | None:
        """The first document that `name` stands for."""
        found = self.ids(name)
        return self.store.document(found[0]) if found else None

    def relevant(self, question: Question) -> dict[str, int]:
        """Grades by document id; a name that no document bears keeps an id of its own: it counts as not found."""
        grades: dict[str, int] = {}
        for name, grade in zip(question.documents, question.grades, strict=True):
            for identity in self.ids(name) or (f"{_NOT_INDEXED}{name}",):
                grades[identity] = max(grade, grades.get(identity, 0))
        return grades

    def indexed(self, question: Question) -> bool:
        """Whether a document that should answer (any, where the set names none) holds a gold answer word for word."""
        if not question.documents:
            if question.answers not in self._holding:
                self._holding[question.answers] = _any_holds(self.store.documents(), question)
            return self._holding[question.answers]
        return _any_holds(self._relevant_documents(question), question)

    def excerpt(self, question: Question) -> dict[str, Any] | None:
        """The gold answer in its article with some text around it; the article's start where there is no answer."""
        found = [
            (document, occurrences(document.text, question.answers)) for document in self._relevant_documents(question)
        ]
        # An article that holds the answer to the letter goes before one that does not.
        best = max(found, key=lambda pair: bool(pair[1]), default=None)
        return _excerpt(*best) if best else None

    def _relevant_documents(self, question: Question) -> Iterator[Document]:
        for identity in self.relevant(question):
            if not identity.startswith(_NOT_INDEXED):
                yield self.store.document(identity)


_NOT_INDEXED = "not indexed: "


def _any_holds(documents: Iterable[Document], question: Question) -> bool:
    return any(holds_answer(document.text, question.answers) for document in documents)


def gold_rank(question: Question, relevant: Mapping[str, int], passages: Sequence[Passage]) -> int | None:
    """Place, from 1, of the first passage of a gold document (any, where none is named) that holds a gold answer."""
    for rank, passage in enumerate(passages, start=1):
        if (not relevant or passage.document_id in relevant) and holds_answer(passage.text, question.answers):
            return rank
    return None


def _names(document: Document) -> set[str]:
    parts = document.source.split("/")
    names = {"/".join(parts[start:]) for start in range(len(parts))} | {document.source}
    return (names | {document.url}) - {None, ""} if document.url else names - {""}


def _excerpt(document: Document, spans: Sequence[Span]) -> dict[str, Any]:
    first = spans[0] if spans else Span(0, 0)
    window = Span(max(0, first.start - _MARGIN), min(len(document.text), first.end + _MARGIN))
    inside = [span for span in spans if window.contains(span)]
    return {
        "title": document.title,
        "source": document.source,
        "text": window.of(document.text),
        "spans": [[span.start - window.start, span.end - window.start] for span in inside],
    }
