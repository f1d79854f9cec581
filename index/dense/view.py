"""The dense view as a reader holds it: the parts on disk, and behind them in memory what was added since."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from index.dense.exact import Bitmap, DenseIndex, Found, merged, score
from index.dense.files import LoadedPart, load_part, part_is_whole
from index.dense.graph import CANDIDATES
from index.dense.stamp import DenseStamp, Part, read_dense_stamp
from index.layout import DENSE_STAMP
from index.store import Store
from index.trust import Trust
from index.types import Vectors

_SIDE_BY_SIDE = 4
"""Fewer indexes than this are looked at one after the other: handing one over costs as much as a small one takes."""


class DenseView:
    """Nearest passages by key; whoever calls guards against a second thread.

    Rows that the truth has removed may be among those found: only the truth knows. What is found is scored exactly.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stamp: DenseStamp | None = None
        self._parts: dict[str, LoadedPart] = {}
        self._recent = DenseIndex(store.identity.dimension)
        self._last = 0

    @property
    def rows(self) -> int:
        """How many rows a search has before it, dead ones included."""
        return sum(map(len, (*self._parts.values(), self._recent)))

    def follow(self) -> None:
        """Take up the parts that a writer has published since, and read from the truth what none of them holds."""
        stamp = read_own_stamp(self._store)
        if stamp is not None and stamp != self._stamp:
            self._adopt(stamp)
        for keys, vectors in self._store.vectors.after(self._last):
            self._recent.add(keys, vectors)
            self._last = int(keys[-1])

    def search(self, vector: Vectors, limit: int, only: Bitmap | None = None) -> tuple[Found, float | None]:
        """At most `limit` keys (of those in `only`) nearest to `vector`, best first, and a bound for all others.

        No row that was not found scores above the bound; it is None where every row was found.
        """
        found: list[Found] = []
        rough: list[Found] = []
        bounds: list[float] = []
        indexes = (*self._parts.values(), self._recent)
        depths = [limit if index.exact else max(limit, CANDIDATES) for index in indexes]
        for index, wanted, hits in zip(indexes, depths, self._hits(indexes, depths, vector, only), strict=True):
            (found if index.exact else rough).append(hits)
            if len(hits) == wanted:
                bounds.append(hits[-1][1])
        if rough:
            keys, vectors = self._store.vectors.of_keys([key for key, _ in merged(rough, max(limit, CANDIDATES))])
            found.append(score(keys, vectors, vector))
        best = merged(found, limit)
        if len(best) == limit:
            bounds.append(best[-1][1])
        return best, max(bounds, default=None)

    def _hits(
        self, indexes: Sequence[LoadedPart | DenseIndex], depths: Sequence[int], vector: Vectors, only: Bitmap | None
    ) -> Iterable[Found]:
        """What each index finds; several parts side by side, because faiss lets go of the interpreter meanwhile."""
        if len(indexes) < _SIDE_BY_SIDE:
            return [index.search(vector, depth, only) for index, depth in zip(indexes, depths, strict=True)]
        return self._pool.map(lambda index, depth: index.search(vector, depth, only), indexes, depths)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        """Made only for an index so large that it has several parts."""
        return ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="dense")

    def _adopt(self, stamp: DenseStamp) -> None:
        """Change over to the parts of `stamp`, unless one of them is damaged or already replaced by a newer one."""
        trust = Trust.read(self._store.directory)
        loaded: dict[str, LoadedPart] = {}
        for part in stamp.parts:
            index = self._parts.get(part.sha256) or self._load(part, trust)
            if index is None:
                return
            loaded[part.sha256] = index
        if stamp.until != (self._stamp.until if self._stamp else 0):
            self._recent, self._last = DenseIndex(self._store.identity.dimension), stamp.until
        self._parts, self._stamp = loaded, stamp

    def _load(self, part: Part, trust: Trust) -> LoadedPart | None:
        if not part_is_whole(self._store.directory, part, trust):
            return None
        return load_part(self._store.directory, part, self._store.identity.dimension)


def discard_strange_stamp(store: Store) -> None:
    """Drop a stamp that is not to be believed before the truth grows past its generation. For a writer only."""
    if read_own_stamp(store) is None:
        (store.directory / DENSE_STAMP).unlink(missing_ok=True)


def read_own_stamp(store: Store) -> DenseStamp | None:
    """The stamp on disk if it is of this index and not from its future, as after a backup was put back."""
    stamp = read_dense_stamp(store.directory)
    if stamp is None or stamp.index_id != store.identity.index_id or stamp.generation > store.generation():
        return None
    return stamp
