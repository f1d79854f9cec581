"""Writing the dense view level with the truth. For the holder of the write lock only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np

from index.dense.exact import DenseIndex, Keys
from index.dense.files import part_is_whole, write_index
from index.dense.graph import GraphIndex, build_graph, sample_keys
from index.dense.plan import Range, Sizes, kind_of, plan
from index.dense.stamp import DenseStamp, Part, write_dense_stamp
from index.dense.view import read_own_stamp
from index.layout import dense_file
from index.store import Store
from index.trust import Trust
from index.types import Vectors
from index.vectors import CHUNK

SIZES = Sizes()


def publish_dense(store: Store, sizes: Sizes | None = None) -> DenseStamp:
    """Write the parts that changed, then the stamp that makes them the view, and drop what it replaced.

    Costs as much as what changed, now and then a few times that. Raises OSError, or IndexDamagedError that names the
    document where a vector in the truth is damaged.
    """
    sizes = sizes or SIZES
    stamp = read_own_stamp(store)
    until = stamp.until if stamp else 0
    recent = Range(until + 1, store.vectors.last_key(), store.vectors.count_between(until + 1, 2**63 - 1))
    total = store.count()
    parts = _as_they_are(store, stamp, total - recent.live) if stamp else []
    writer = _Writer(store, total, {part.file for part in parts if isinstance(part, Part)}, sizes)
    planned: list[Part] = []
    for item in plan(parts, recent, sizes):
        planned.extend([item] if isinstance(item, Part) else writer.write(item))
    level = DenseStamp(
        index_id=store.identity.index_id,
        generation=store.generation(),
        count=total,
        until=planned[-1].last if planned else 0,
        parts=tuple(planned),
    )
    if level != stamp:
        write_dense_stamp(store.directory, level)
    return level


def _as_they_are(store: Store, stamp: DenseStamp, living: int) -> list[Part | Range]:
    """The parts with what has died in them since the stamp was written; the range of one whose file is damaged.

    `living` passages are in them together: where the log of removals says otherwise, it is not believed.
    """
    trust = Trust.read(store.directory)
    died = [store.vectors.removed_between(part.first, part.last, stamp.generation) for part in stamp.parts]
    if stamp.generation < store.removals_from() or sum(part.live for part in stamp.parts) - sum(died) != living:
        died = [part.live - store.vectors.count_between(part.first, part.last) for part in stamp.parts]
    found: list[Part | Range] = []
    for part, lost in zip(stamp.parts, died, strict=True):
        now = replace(part, dead=part.dead + lost)
        whole = part_is_whole(store.directory, part, trust)
        found.append(now if whole else Range(part.first, part.last, now.live))
    return found


class _Writer:
    """Writes ranges of keys as parts."""

    def __init__(self, store: Store, total: int, taken: set[str], sizes: Sizes) -> None:
        self._store = store
        self._total = total
        self._sizes = sizes
        generation = store.generation()
        self._names = (name for number in count(1) if (name := dense_file(generation, number)) not in taken)

    def write(self, keys: Range) -> Iterator[Part]:
        """The range as parts, none larger than the largest."""
        first = keys.first
        for held in self._store.vectors.keys_by(self._sizes.largest, keys.first, keys.last):
            last = int(held[-1])
            yield self._part(first, last, held)
            first = last + 1

    def _part(self, first: int, last: int, keys: Keys) -> Part:
        kind = kind_of(len(keys), self._total, self._sizes)
        chunks = self._store.vectors.after(first - 1, last)
        built: DenseIndex | GraphIndex
        if kind == "exact":
            built, recall = DenseIndex(self._store.identity.dimension), 1.0
            for held, vectors in chunks:
                built.add(held, vectors)
        else:
            built, recall = build_graph(self._sample(keys), chunks)
        name = next(self._names)
        sha256 = write_index(self._store.directory / name, built.faiss)
        return Part(name, kind, first, last, rows=len(built), dead=0, sha256=sha256, depth=built.depth, recall=recall)

    def _sample(self, keys: Keys) -> Vectors:
        chosen = sample_keys(keys)
        rows = np.empty((len(chosen), self._store.identity.dimension), dtype=np.float32)
        for start in range(0, len(chosen), CHUNK):
            _, vectors = self._store.vectors.of_keys(chosen[start : start + CHUNK].tolist())
            rows[start : start + len(vectors)] = vectors
        return rows
