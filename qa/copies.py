"""Articles that tell one story: read once, and named together where it is cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar, runtime_checkable

from corpus.errors import ArticleChangedError
from corpus.story import adds, says
from corpus.types import Document
from index.types import ScoredPassage
from qa.filters.types import Filters
from qa.retriever import Retriever
from qa.types import AlsoIn, Answer, Citation, ListItem, Support, Wording

Cited = TypeVar("Cited", Wording, ListItem, Support)


@runtime_checkable
class KnowsCopies(Protocol):
    """A retriever whose index tells which articles are copies."""

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""


def without_copies(retriever: Retriever, scored: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The passages without those that another article of the same story, also found, has as well; order is kept.

    Of the articles found the one that tells most is kept whole; of the others only what it lacks. Which articles
    filters let in was decided before: a story stays, in whichever paper it was asked for.
    """
    if not isinstance(retriever, KnowsCopies):
        return list(scored)
    found = dict.fromkeys(one.passage.document_id for one in scored)
    groups = retriever.copies(list(found))
    kept = {one: next(other for other in group if other in found) for one, group in groups.items()}
    texts = {one: _document(retriever, one).text for one in set(kept.values())}

    def is_read(one: ScoredPassage) -> bool:
        own = one.passage.document_id
        return kept.get(own, own) == own or adds(one.passage.text, texts[kept[own]])

    return [one for one in scored if is_read(one)]


def with_copies(answer: Answer, retriever: Retriever, filters: Filters) -> Answer:
    """The answer, each citation with the other articles let in that tell the same story and hold the quoted words."""
    if not isinstance(retriever, KnowsCopies):
        return answer
    cited: dict[str, None] = {}

    def note(citation: Citation) -> Citation:
        cited[citation.document_id] = None
        return citation

    _each(answer, note)
    groups = retriever.copies(list(cited))
    if not groups:
        return answer
    ids = {other for group in groups.values() for other in group}
    documents = {key: document for key in ids if filters.admits(document := _document(retriever, key))}

    def named(citation: Citation) -> Citation:
        others = [documents[key] for key in groups.get(citation.document_id, ()) if key in documents]
        others = [one for one in others if one.id != citation.document_id and says(one.text, citation.quote)]
        return replace(citation, also_in=tuple(_also_in(one) for one in others))

    return _each(answer, named)


def _also_in(document: Document) -> AlsoIn:
    return AlsoIn(document.id, document.title, document.source, document.published, document.publisher)


def _document(retriever: Retriever, document_id: str) -> Document:
    try:
        return retriever.document(document_id)
    except KeyError as error:
        raise ArticleChangedError(f"the article {document_id} was removed while it was read; ask again") from error


def _each(answer: Answer, change: Callable[[Citation], Citation]) -> Answer:
    """The answer with every citation in it changed."""

    def inside(one: Cited) -> Cited:
        return replace(one, citation=change(one.citation))

    return replace(
        answer,
        citations=tuple(map(change, answer.citations)),
        alternatives=tuple(replace(one, citation=change(one.citation)) for one in answer.alternatives),
        agreement=tuple(replace(one, wordings=tuple(map(inside, one.wordings))) for one in answer.agreement),
        timeline=tuple(replace(one, wording=inside(one.wording)) for one in answer.timeline),
        items=tuple(map(inside, answer.items)),
        in_full=change(answer.in_full) if answer.in_full else None,
        support=tuple(map(inside, answer.support)),
    )
