"""The best hits of a search, in an order that does not hang on how a view happens to be laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.types import SearchHit

SPARE = 8
"""Hits fetched beyond the limit, so that the usual tie at the cut needs no second search."""

Fetch = Callable[[int], tuple[Sequence[SearchHit], float | None]]
"""The best n rows of a view as far as they still exist, and a score that no other row exceeds, None when there are no
more."""


def best(fetch: Fetch, limit: int) -> list[SearchHit]:
    """The `limit` best hits by score, equal scores by passage id: all of a tie at the cut are looked at.

    Rows that a view still holds though the truth has dropped them do not count towards the limit.
    """
    if limit <= 0:
        return []
    wanted = limit + SPARE
    while True:
        hits, floor = fetch(wanted)
        ranked = sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:limit]
        if floor is None or (len(ranked) == limit and ranked[-1].score > floor):
            return ranked
        wanted *= 4


def bounded(found: list[tuple[int, float]], wanted: int) -> tuple[list[tuple[int, float]], float | None]:
    """The rows of one exact search for the `wanted` best, with the bound for all others that follows from them."""
    return found, found[-1][1] if found and len(found) == wanted else None
