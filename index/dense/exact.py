"""Exact search: every row is looked at. Rows are float16 as in the truth, so no score differs from the truth's.

A scan is bound by memory: float16 halves what it reads, and takes half the time of float32 (2.2 against 4.6 ms over
65,536 rows of 384, one core). Where a row lies does not change its score, so equal rows score equal everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import faiss as typed_faiss
import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

faiss: Any = typed_faiss
"""Its stubs know less than it does (selectors, scalar quantisers, writers)."""

Keys = NDArray[np.int64]
Bitmap = NDArray[np.uint8]
"""A set of keys: bit k is bit k % 8 of byte k // 8."""

Found = list[tuple[int, float]]
"""Passage keys with their scores, best first."""


class DenseIndex:
    """Vectors by passage key, in memory or, where `index` was read from a file, mapped into it."""

    exact = True
    depth = 0

    def __init__(self, dimension: int, index: typed_faiss.Index | None = None) -> None:
        self.faiss: Any = index if index is not None else faiss.IndexIDMap(_rows(dimension))

    def __len__(self) -> int:
        return int(self.faiss.ntotal)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Add rows: `keys` of shape [n], `vectors` of shape [n, dimension]."""
        with one_thread():
            self.faiss.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)

    def search(self, vector: Vectors, limit: int, only: Bitmap | None = None) -> Found:
        """The `limit` keys (of those in `only`) with the largest inner product with `vector`, best first."""
        if not len(self):
            return []
        parameters = None if only is None else faiss.SearchParameters(sel=faiss.IDSelectorBitmap(only))
        with one_thread():
            return as_found(self.faiss.search(as_query(vector), min(limit, len(self)), params=parameters))

    def keys(self) -> Keys:
        """The keys of all rows, in order."""
        found: Keys = np.sort(faiss.vector_to_array(self.faiss.id_map))
        return found


def score(keys: Keys, vectors: Vectors, query: Vectors) -> Found:
    """These rows (shapes [n] and [n, dimension]) with the scores that an exact search gives them, best first."""
    rows = DenseIndex(len(query))
    rows.add(keys, vectors)
    return rows.search(query, len(keys))


def merged(found: Sequence[Found], limit: int) -> Found:
    """The `limit` best of several rankings, equal scores by key."""
    return sorted((hit for hits in found for hit in hits), key=lambda hit: (-hit[1], hit[0]))[:limit]


def as_query(vector: Vectors) -> Vectors:
    """A vector (shape [dimension]) as faiss takes queries."""
    return np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)


def as_found(answer: tuple[Vectors, Keys]) -> Found:
    """What faiss returned for one query, without the places that it could not fill."""
    (scores,), (keys,) = answer
    return [(int(key), float(score)) for key, score in zip(keys, scores, strict=True) if key >= 0]


def bitmap(keys: Keys) -> Bitmap:
    """The set of these keys."""
    bits = np.zeros(int(keys.max(initial=0)) + 1, dtype=np.bool_)
    bits[keys] = True
    return np.packbits(bits, bitorder="little")


@contextmanager
def one_thread() -> Iterator[None]:
    """Let faiss use no second thread.

    One question has nothing to share out, and where something else keeps the cores busy, a team of threads that wait
    for one another took 70 ms for what one does in less than one.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _rows(dimension: int) -> Any:  # noqa: ANN401  see `faiss`
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
