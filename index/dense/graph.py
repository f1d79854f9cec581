"""A navigable graph (HNSW) over rows in eight bits, for parts that are too large to look at every row.

Its scores are rough and choose candidates; who asks scores those with the vectors of the truth. How far a search walks
is measured when a part is written, with vectors moved as far off as a question is from its passages.

Why not inverted lists: over 17,134 real passages and 150 real questions they find 98 % of the ten best when a sixth of
the rows is looked at, the graph 99.6 % at a twentieth.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from index.dense.exact import Bitmap, Found, Keys, as_found, as_query, faiss, one_thread
from index.types import Vectors

NEIGHBOURS = 16
"""Links of a row, twice as many on the lowest level: 136 bytes beside the 384 of its numbers."""

EFFORT = 80
"""Candidates looked at to place a row."""

SAMPLE = 16_384
"""Rows that the eight bits are fitted to."""

ASKED = 512
"""Questions that recall is measured with: of some regions of a graph hardly anything is found, and few lie there."""

CLOSENESS = 0.55
"""Cosine of such a question to the passage it was made of, as far off as real questions are.

Over 32,768 grown passages (benchmarks/scale_data.py) 512 real questions, with 0.57 to their best passage, find .987,
.996 and .998 of the ten best at depths of 64, 96 and 128; made ones find .990, .993 and .997 with 0.6, and .976, .989
and .993 with 0.5. With 0.7 they are easier than real ones.
"""

BEST = 10
CANDIDATES = 64
"""Rows taken from the graph at least: the ten best are among the 64 that look best in eight bits."""

ENOUGH = 0.985
"""Share of the ten best that must be found, by the questions made for it, which are somewhat harder than real ones.

Over a million grown passages in five graphs, .995 finds .996 of the ten best for 512 real questions, .99 finds .993 and
.985 finds .989, at a walk of 9.9, 6.3 and 3.4 ms of processor time a question.
"""

DEPTHS = (64, 96, 128, 192, 256, 384, 512, 768, 1024)

SCANNED = 4
"""Where more than the fourth part of all rows is asked for, looking at each is the shorter way."""


class GraphIndex:
    """Vectors by passage key; a search keeps `depth` candidates while it walks."""

    exact = False

    def __init__(self, index: object, depth: int) -> None:
        self._owner = index  # it owns what the views of it below only point at
        self.faiss = faiss.downcast_index(index)
        self._rows = faiss.downcast_index(faiss.downcast_index(self.faiss.index).storage)
        self._keys: Keys = faiss.vector_to_array(self.faiss.id_map)
        self.depth = depth

    def __len__(self) -> int:
        return int(self.faiss.ntotal)

    def search(self, vector: Vectors, limit: int, only: Bitmap | None = None) -> Found:
        """About the `limit` best keys (of those in `only`: then each is looked at), best first."""
        wanted = min(limit, len(self))
        if only is not None or SCANNED * wanted > len(self):
            return self._scan(vector, wanted, only)
        return as_found(self.walk(as_query(vector), wanted))

    def walk(self, questions: Vectors, wanted: int) -> tuple[Vectors, Keys]:
        """Scores and keys of about the `wanted` best for each question (shape [n, dimension]), by the graph."""
        parameters = faiss.SearchParametersHNSW(efSearch=max(self.depth, wanted))
        with one_thread():
            found: tuple[Vectors, Keys] = self.faiss.search(questions, wanted, params=parameters)
        return found

    def keys(self) -> Keys:
        """The keys of all rows, in order."""
        return np.sort(self._keys)

    def _scan(self, vector: Vectors, wanted: int, only: Bitmap | None) -> Found:
        parameters = None
        if only is not None:
            selected = np.packbits(_members(self._keys, only), bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(selected))
        with one_thread():
            places = as_found(self._rows.search(as_query(vector), wanted, params=parameters))
        return [(int(self._keys[place]), score) for place, score in places]


def sample_keys(keys: Keys) -> Keys:
    """Which of the rows the eight bits are fitted to; the questions are made of the first of them."""
    chosen: Keys = np.random.default_rng(int(keys[0])).permutation(keys)[:SAMPLE]
    return chosen


def build_graph(sample: Vectors, chunks: Iterable[tuple[Keys, Vectors]]) -> tuple[GraphIndex, float]:
    """The index of `chunks`, its eight bits fitted to `sample`, and its measured recall@10.

    Holds the rows in eight bits and one chunk at a time. One thread: with more, rows would take their places in the
    order in which threads happen to run, and two builds of one folder would answer differently.
    """
    rows = faiss.IndexHNSWSQ(sample.shape[1], faiss.ScalarQuantizer.QT_8bit, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    rows.hnsw.efConstruction = EFFORT
    rows.train(np.ascontiguousarray(sample, dtype=np.float32))
    index = faiss.IndexIDMap(rows)
    nearest = _Nearest(_questions(sample[:ASKED]))
    with one_thread():
        for keys, vectors in chunks:
            index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)
            nearest.look_at(keys, vectors)
    built = GraphIndex(index, DEPTHS[0])
    return built, _tune(built, nearest)


class _Nearest:
    """The best keys for each question among the rows seen so far, by an exact look at each."""

    def __init__(self, questions: Vectors) -> None:
        self.questions = questions
        self.keys = np.full((len(questions), BEST), -1, dtype=np.int64)
        self._scores = np.full((len(questions), BEST), -np.inf, dtype=np.float32)

    def look_at(self, keys: Keys, vectors: Vectors) -> None:
        scores = np.concatenate([self._scores, self.questions @ vectors.T], axis=1)
        together = np.concatenate([self.keys, np.broadcast_to(keys, (len(self.keys), len(keys)))], axis=1)
        places = np.argpartition(-scores, BEST - 1, axis=1)[:, :BEST]
        self.keys = np.take_along_axis(together, places, axis=1)
        self._scores = np.take_along_axis(scores, places, axis=1)


def _questions(vectors: Vectors) -> Vectors:
    noise = np.random.default_rng(0).standard_normal(vectors.shape).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    moved: Vectors = CLOSENESS * vectors + np.float32(np.sqrt(1 - CLOSENESS**2)) * noise
    return np.ascontiguousarray(moved, dtype=np.float32)


def _tune(built: GraphIndex, nearest: _Nearest) -> float:
    """Set the least depth with which enough is found, and return the share that is."""
    recall = 0.0
    for depth in DEPTHS:
        built.depth = depth
        _, found = built.walk(nearest.questions, min(CANDIDATES, len(built)))
        met = (nearest.keys[:, :, None] == found[:, None, :]).any(axis=2) | (nearest.keys < 0)
        recall = float(met.mean())
        if recall >= ENOUGH:
            break
    return recall


def _members(keys: Keys, only: Bitmap) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of `keys` are in the set."""
    inside = keys < 8 * len(only)
    held = np.zeros(len(keys), dtype=np.bool_)
    held[inside] = only[keys[inside] >> 3] >> (keys[inside] & 7).astype(np.uint8) & 1
    return held
