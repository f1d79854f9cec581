"""Which documents and passages a filter covers, looked up in the truth once for as long as it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from index.dense.exact import Bitmap, bitmap
from index.store import Store
from index.types import Filter

KEPT = 8
"""Filters whose selections are remembered: a page asks with few, and each may hold a bit for every passage."""

DOCUMENTS = """SELECT key FROM documents
               WHERE (?1 IS NULL OR published >= ?1) AND (?2 IS NULL OR published <= ?2)
               AND (?3 IS NULL OR matches(source, ?3)) ORDER BY key"""
PASSAGES = "SELECT key FROM passages WHERE document IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a filter covers: keys of documents, in order, and the set of their passages' keys."""

    documents: list[int]
    passages: Bitmap


class Selections:
    """The selections of the filters asked last, each for the generation that it was made at."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._generation = -1
        self._kept: dict[Filter, Selection] = {}
        # A function of SQL, so that nothing is read but the index over dates and sources.
        store.rows.connection.create_function("matches", 2, fnmatchcase, deterministic=True)

    def of(self, where: Filter) -> Selection:
        """What `where` covers now."""
        generation = self._store.generation()
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation
        found = self._kept.get(where)
        if found is None:
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[where] = self._select(where)
        return found

    def _select(self, where: Filter) -> Selection:
        days = [day.isoformat() if day is not None else None for day in (where.since, where.until)]
        with self._store.snapshot():
            documents = [key for (key,) in self._store.rows.all(DOCUMENTS, *days, where.source)]
            keys = self._store.rows.each(PASSAGES, json.dumps(documents))
            return Selection(documents, bitmap(np.fromiter((key for (key,) in keys), dtype=np.int64)))
