"""The two searches that Milvus is asked for, each as far as it is wanted, and what bounds the rest.

A word of a title or heading counts a little more than one of the text (`index.lexical.CONTEXT_BOOST`), in both engines:
here the headings of passages have a BM25 field of their own. Milvus searches one field at a time, so headings are
searched besides and what they add is put on top. Looking scores up by key would be shorter, but Milvus Lite counts how
common a word is among the rows that pass a filter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from index.engines.milvus.door import Door, Row
from index.engines.milvus.filters import expression
from index.engines.milvus.rows import words_of
from index.engines.milvus.schema import CONTEXT_FIELD, VECTOR_FIELD, WORDS_FIELD
from index.lexical import CONTEXT_BOOST
from index.types import Filter, Vectors

DEEPEST = 16_384
"""Hits that Milvus gives for one search at most."""
LEAST_BEAM = 256
"""Candidates that a graph search keeps at least (`ef`)."""
HEADINGS = 2_048
"""Headings looked at for the words of a question; one that fits worse than all of these counts nothing on top."""
WIDER = 4
"""Times as many passages are asked for as are wanted: headings change the order, and to ask again takes longer."""

_TOLD = ("passage", "document", "version", "source")
_BM25 = {"metric_type": "BM25"}


@dataclass(frozen=True, slots=True)
class Found:
    """A row that a search returned, before it is known whether it counts."""

    passage: str
    document: str
    version: str
    source: str
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """The best rows of one search."""

    rows: tuple[Found, ...]
    floor: float | None
    """A score that no other row exceeds; None where there are no others."""


Search = Callable[[int], Page]
"""The best rows of one search, about so many."""


@dataclass(frozen=True, slots=True)
class Searches:
    """Searches over one collection of passages, whose vectors are indexed by `dense`."""

    door: Door
    collection: str
    dense: str

    def nearest(self, vector: Vectors, where: Filter | None) -> Search:
        """By inner product with `vector`, of shape [dimension]."""
        asked, filtered = vector.tolist(), expression(where)

        def search(wanted: int) -> Page:
            graph = {"ef": max(LEAST_BEAM, wanted)} if self.dense == "HNSW" else {}
            hits = self._search(VECTOR_FIELD, asked, wanted, filtered, {"metric_type": "IP", "params": graph})
            rows = tuple(_found(hit, hit["distance"]) for hit in hits)
            return Page(rows, rows[-1].score if len(rows) == wanted else None)

        return search

    def by_words(self, query: str, where: Filter | None) -> Search:
        """By BM25 over all words of a passage, and over those of its title and heading on top."""
        words, filtered = words_of(query), expression(where)

        def search(wanted: int) -> Page:
            if not words:
                return Page((), None)
            asked, deepest = min(WIDER * wanted, DEEPEST), max(wanted, HEADINGS)
            # Milvus Lite gives BM25 with the sign turned; it is never below zero.
            hits = self._search(WORDS_FIELD, words, asked, filtered, _BM25)
            headings = {
                hit["id"]: CONTEXT_BOOST * abs(hit["distance"])
                for hit in self._search(CONTEXT_FIELD, words, deepest, filtered, _BM25, told=())
            }
            rows = tuple(_found(hit, abs(hit["distance"]) + headings.get(hit["id"], 0.0)) for hit in hits)
            if len(hits) < asked:  # the words of a heading are among its passage's: there are no others
                return Page(rows, None)
            unseen = headings.keys() - {hit["id"] for hit in hits}
            least = min(headings.values()) if len(headings) == deepest else 0.0
            return Page(rows, abs(hits[-1]["distance"]) + max((headings[key] for key in unseen), default=least))

        return search

    def _search(
        self,
        field: str,
        asked: object,
        wanted: int,
        filtered: str,
        params: Mapping[str, Any],
        told: tuple[str, ...] = _TOLD,
    ) -> list[Row]:
        """The best rows by one field, with the fields `told` of each."""
        hits: list[Row] = self.door.call(
            "search",
            collection_name=self.collection,
            data=[asked],
            anns_field=field,
            limit=wanted,
            filter=filtered,
            output_fields=list(told),
            search_params=dict(params),
        )[0]
        return hits


def begun(search: Search, first: int, page: Page) -> Search:
    """The search, its first `first` rows fetched already."""
    return lambda wanted: page if wanted == first else search(wanted)


def _found(hit: Row, score: float) -> Found:
    return Found(**{name: hit["entity"][name] for name in _TOLD}, score=score)
