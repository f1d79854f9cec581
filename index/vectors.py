"""Reading vectors from the truth: float16, which is enough for cosine (the error is below 0.001) at half the size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamagedError
from index.rows import Row, Rows
from index.seals import input_digest, vector_seal
from index.types import Vectors

Keys = NDArray[np.int64]

CHUNK = 4096
"""Rows fetched at a time when a view is fed from the truth: memory stays bounded at any size."""


class VectorTable:
    """The vectors of an open truth, each checked against its seal when it is read."""

    def __init__(self, rows: Rows, dimension: int) -> None:
        self._rows = rows
        self._dimension = dimension

    def of_inputs(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Vectors (shape [dimension]) by the text that was encoded, for those texts that ever were."""
        sql = """SELECT * FROM (SELECT input, seal, vector FROM vectors WHERE input = ?1 LIMIT 2)
                 UNION ALL SELECT input, seal, vector FROM waiting WHERE input = ?1"""
        found = {}
        for text in texts:
            for row in self._rows.all(sql, input_digest(text)):
                if self.is_whole(row):
                    found[text] = self._matrix([row])[0]
                    break
        return found

    def after(self, key: int, last: int | None = None) -> Iterator[tuple[Keys, Vectors]]:
        """Keys and vectors of the passages whose key is above `key`, and at most `last`, in order of key, in chunks.

        Raises IndexDamagedError that names the document of a damaged vector.
        """
        sql = "SELECT key, input, seal, vector FROM vectors WHERE key > ? AND key <= ? ORDER BY key LIMIT ?"
        while rows := self._rows.all(sql, key, 2**63 - 1 if last is None else last, CHUNK):
            key = rows[-1][0]
            yield self._keys(rows), self._checked(rows)

    def of_keys(self, keys: Sequence[int]) -> tuple[Keys, Vectors]:
        """The keys among `keys` that are still there, in order, and their vectors; raises as `after` does."""
        sql = "SELECT key, input, seal, vector FROM vectors WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"
        rows = self._rows.all(sql, json.dumps(list(keys)))
        return self._keys(rows), self._checked(rows)

    def keys(self) -> Keys:
        """The keys of all passages, in order."""
        found = self._rows.each("SELECT key FROM passages ORDER BY key")
        return np.fromiter((row[0] for row in found), dtype=np.int64)

    def keys_by(self, size: int, first: int, last: int) -> Iterator[Keys]:
        """The keys from `first` to `last`, in order, `size` at a time."""
        sql = "SELECT key FROM passages WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?"
        while rows := self._rows.all(sql, first, last, size):
            yield self._keys(rows)
            first = rows[-1][0] + 1

    def removed_between(self, first: int, last: int, generation: int) -> int:
        """How many of the passages with keys from `first` to `last` were removed after `generation`."""
        sql = "SELECT count(*) FROM removals WHERE key BETWEEN ? AND ? AND generation > ?"
        return int(self._rows.one(sql, first, last, generation))

    def count_between(self, first: int, last: int) -> int:
        """How many passages have keys from `first` to `last`."""
        return int(self._rows.one("SELECT count(*) FROM passages WHERE key BETWEEN ? AND ?", first, last))

    def last_key(self) -> int:
        """The largest key in use, 0 where there is none."""
        return int(self._rows.one("SELECT coalesce(max(key), 0) FROM passages"))

    def _checked(self, rows: Sequence[Row]) -> Vectors:
        for key, *row in rows:
            if not self.is_whole(row):
                raise self._damaged(key)
        return self._matrix([row[1:] for row in rows])

    def is_whole(self, row: Sequence[bytes]) -> bool:
        """Whether a row (input, seal, vector) is what was stored."""
        digest, seal, vector = row
        return len(vector) == 2 * self._dimension and vector_seal(digest, vector) == seal

    def _damaged(self, key: int) -> IndexDamagedError:
        sql = "SELECT d.id, d.source FROM documents d JOIN passages p ON p.document = d.key WHERE p.key = ?"
        rows = self._rows.all(sql, key)
        if not rows:
            return self._rows.damaged(f"vector {key} belongs to no passage")
        document_id, source = rows[0]
        return self._rows.damaged_document("a vector", document_id, source)

    def _keys(self, rows: Sequence[Row]) -> Keys:
        return np.array([row[0] for row in rows], dtype=np.int64)

    def _matrix(self, rows: Sequence[Sequence[bytes]]) -> Vectors:
        """The vectors that stand last in `rows`, as shape [len(rows), dimension]."""
        halves = np.frombuffer(b"".join(row[-1] for row in rows), dtype="<f2")
        return halves.reshape(len(rows), self._dimension).astype(np.float32)
