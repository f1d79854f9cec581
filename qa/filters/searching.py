"""Searching among the articles that filters let in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from corpus.errors import ArticleChangedError
from index.types import ScoredPassage
from qa.copies import without_copies
from qa.filters.types import Filters
from qa.retriever import Retriever, read_documents

_DEEPER = 4
_DEEPEST = 6400
"""Passages looked through at most: beyond that a filter that lets almost nothing in finds what it finds."""


@runtime_checkable
class FilteringRetriever(Protocol):
    """A retriever whose engine filters by itself."""

    def search_filtered(self, question: str, limit: int, filters: Filters) -> list[ScoredPassage]:
        """The best passages of the articles that the filters let in, best first."""


def filtered_search(retriever: Retriever, question: str, limit: int, filters: Filters) -> list[ScoredPassage]:
    """The `limit` best passages of admitted articles, best first, each story once; fewer where there are no more.

    The search goes deeper until enough passages pass and are no copies.
    """
    if filters and isinstance(retriever, FilteringRetriever):
        return without_copies(retriever, retriever.search_filtered(question, limit, filters))
    depth = 10 * limit if filters else limit
    while True:
        found = retriever.search(question, depth)
        passing = _admitted(retriever, found, filters) if filters else found
        kept = without_copies(retriever, passing)
        if len(kept) >= limit or len(found) < depth or depth >= min(retriever.count(), _DEEPEST):
            return kept[:limit]
        depth = min(_DEEPER * depth, _DEEPEST)


def _admitted(retriever: Retriever, found: Sequence[ScoredPassage], filters: Filters) -> list[ScoredPassage]:
    try:
        documents = read_documents(retriever, (one.passage.document_id for one in found))
    except KeyError as error:
        raise ArticleChangedError(
            f"the article {error.args[0]} was removed while it was searched; ask again"
        ) from error
    return [one for one in found if filters.admits(documents[one.passage.document_id])]
