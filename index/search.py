"""Finding the passages for a question: both searches, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.errors import IndexLockedError, UsageError
from index.fusion import convex_combination, min_max, ranked, reciprocal_rank_fusion
from index.types import Encoder, Engine, Filter, ScoredPassage, SearchHit, Vectors

Method = Literal["min-max", "rrf", "dense", "lexical"]

TRIES = 20
"""A writer commits every few seconds, a search takes milliseconds: a second try is rare already."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How the two searches are joined. Raises UsageError for numbers that make no sense."""

    method: Method = "min-max"
    weight: float = 0.55
    """Share of the dense score in the min-max combination, the lexical one having the rest.

    Fitted with benchmarks/fusion_fit.py: the middle of a plateau (0.45 to 0.65) that questions on news and on Wikipedia
    share. There min-max gains 0.03 nDCG@10 on reciprocal rank fusion; theoretical-min scaling comes out the same.
    """
    candidates: int = 100
    """Hits taken from each search before they are fused."""

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1 or self.candidates < 1:
            raise UsageError(
                f"a search needs 0 <= weight <= 1 and candidates >= 1, got {self.weight}, {self.candidates}"
            )


def hybrid_search(
    engine: Engine,
    encoder: Encoder,
    query: str,
    limit: int,
    *,
    settings: SearchSettings | None = None,
    where: Filter | None = None,
) -> list[ScoredPassage]:
    """The `limit` best passages for `query`, best first, each with its fused score and the two it was made of.

    The encoder must be the one that made the index. A query without words (blank, only symbols) finds nothing
    lexically; a blank one finds nothing at all. With `where`, passages of the documents that it covers.
    """
    settings = settings or SearchSettings()
    if limit < 1:
        raise UsageError(f"a search needs a limit of at least 1, got {limit}")
    if not query.strip():
        return []
    vector = encoder.encode([query])[0] if settings.method != "lexical" else None
    search = _Search(query, vector, settings, where)
    for _ in range(TRIES):
        try:
            return search.run(engine, limit)
        except KeyError:  # a writer replaced a document between the search and the reading of its passages
            continue
    raise IndexLockedError(f"the index changed {TRIES} times while one question was asked: try again")


@dataclass(frozen=True, slots=True)
class _Search:
    """What is asked for, encoded once."""

    query: str
    vector: Vectors | None
    settings: SearchSettings
    where: Filter | None

    def run(self, engine: Engine, limit: int) -> list[ScoredPassage]:
        depth = max(self.settings.candidates, limit)
        dense, lexical = self._hits(engine, depth)
        fused = fuse(dense, lexical, self.settings)[:limit]
        by_dense = {hit.passage_id: hit.score for hit in dense}
        by_words = {hit.passage_id: hit.score for hit in lexical}
        return [
            ScoredPassage(passage, hit.score, by_dense.get(passage.id), by_words.get(passage.id))
            for passage, hit in zip(engine.passages([hit.passage_id for hit in fused]), fused, strict=True)
        ]

    def _hits(self, engine: Engine, depth: int) -> tuple[list[SearchHit], list[SearchHit]]:
        if self.vector is None:
            return [], engine.search_lexical(self.query, depth, self.where)
        if self.settings.method == "dense":
            return engine.search_dense(self.vector, depth, self.where), []
        return engine.search_both(self.vector, self.query, depth, self.where)


def fuse(dense: Sequence[SearchHit], lexical: Sequence[SearchHit], settings: SearchSettings) -> list[SearchHit]:
    """The hits of both searches as one ranking, scores in [0, 1]."""
    if settings.method == "rrf":
        return reciprocal_rank_fusion(dense, lexical)
    if settings.method == "dense":
        return ranked({hit.passage_id: max(hit.score, 0.0) for hit in dense})
    if settings.method == "lexical":
        return ranked(min_max(lexical, floor=0.0))
    return convex_combination(min_max(dense), min_max(lexical), settings.weight)
