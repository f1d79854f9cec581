"""One ranking out of two: pure functions over the hits of the dense and the lexical search.

A passage that one search did not return scores the least that search could have given it: 0. It is at most as good
as the worst hit returned there, and after scaling that worst hit is what 0 stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.types import SearchHit

RRF_RANK = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)."""


def min_max(hits: Sequence[SearchHit], *, floor: float | None = None) -> dict[str, float]:
    """Scores scaled to [0, 1] by the best hit and the worst, or `floor`, the least score the search could give.

    Where all hits score alike each gets 1: being found at all is what they have in common.
    """
    if not hits:
        return {}
    scores = [hit.score for hit in hits]
    low = min(scores) if floor is None else min(floor, *scores)
    width = max(scores) - low
    return {hit.passage_id: (hit.score - low) / width if width > 0 else 1.0 for hit in hits}


def convex_combination(dense: Mapping[str, float], lexical: Mapping[str, float], weight: float) -> list[SearchHit]:
    """`weight` times the dense score plus the rest times the lexical one, best first; equal scores by passage id."""
    fused = {
        passage_id: weight * dense.get(passage_id, 0.0) + (1 - weight) * lexical.get(passage_id, 0.0)
        for passage_id in {**dense, **lexical}
    }
    return ranked(fused)


def reciprocal_rank_fusion(*rankings: Sequence[SearchHit]) -> list[SearchHit]:
    """The sum of 1 / (60 + rank) over the rankings, scaled so that first place in all of them is 1; best first."""
    fused: dict[str, float] = {}
    share = (RRF_RANK + 1) / max(len(rankings), 1)
    for hits in rankings:
        for rank, hit in enumerate(hits, start=1):
            fused[hit.passage_id] = fused.get(hit.passage_id, 0.0) + share / (RRF_RANK + rank)
    return ranked(fused)


def ranked(scores: Mapping[str, float]) -> list[SearchHit]:
    """The scores as hits, best first; equal scores by passage id, so that the order is the same on every run."""
    return [
        SearchHit(passage_id, score) for passage_id, score in sorted(scores.items(), key=lambda row: (-row[1], row[0]))
    ]
