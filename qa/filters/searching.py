"""Searching among the articles that filters let in."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from corpus.errors import ArticleChangedError
from index.types import ScoredPassage
from qa.filters.types import Filters
from qa.retriever import Retriever

_DEEPER = 4
_DEEPEST = 6400
"""Passages looked through at most: beyond that a filter that lets almost nothing in finds what it finds."""


@runtime_checkable
class FilteringRetriever(Protocol):
    """A retriever whose engine filters by itself."""

    def search_filtered(self, question: str, limit: int, filters: Filters) -> list[ScoredPassage]:
        """The best passages of the articles that the filters let in, best first."""


def filtered_search(retriever: Retriever, question: str, limit: int, filters: Filters) -> list[ScoredPassage]:
    """The `limit` best passages of admitted articles, best first; fewer where there are no more.

    Unless the engine filters by itself, the search goes deeper until enough passages pass.
    """
    if not filters:
        return retriever.search(question, limit)
    if isinstance(retriever, FilteringRetriever):
        return retriever.search_filtered(question, limit, filters)
    depth, total = 10 * limit, retriever.count()
    while True:
        found = retriever.search(question, depth)
        passing = [one for one in found if _admitted(retriever, one, filters)]
        if len(passing) >= limit or len(found) < depth or depth >= min(total, _DEEPEST):
            return passing[:limit]
        depth = min(_DEEPER * depth, _DEEPEST)


def _admitted(retriever: Retriever, scored: ScoredPassage, filters: Filters) -> bool:
    try:
        return filters.admits(retriever.document(scored.passage.document_id))
    except KeyError as error:
        raise ArticleChangedError(
            f"the article {scored.passage.document_id} was removed while it was searched; ask again"
        ) from error
