"""The dense view: exact inner product over the vectors of the truth. The only importer of faiss."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.layout import DENSE_STAMP, dense_file, file_sha256, sync_directory, write_durably
from index.types import Vectors

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DenseStamp:
    """What `dense.json` says: of which index and generation the file is, and what its bytes must hash to."""

    index_id: str
    generation: int
    count: int
    file: str
    sha256: str


class DenseIndex:
    """Vectors by passage key."""

    def __init__(self, dimension: int, index: faiss.Index | None = None) -> None:
        self._index = index if index is not None else faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Add rows: `keys` of shape [n], `vectors` of shape [n, dimension]."""
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the rows with these keys; keys that are not there are passed over."""
        if len(keys) and len(self):
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(keys, dtype=np.int64)))

    def search(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """The `limit` keys with the largest inner product with `vector` (shape [dimension]), best first."""
        if not len(self):
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        scores, keys = self._index.search(query, min(limit, len(self)))
        return [(int(key), float(score)) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0]

    def save(self, directory: Path, index_id: str, generation: int) -> None:
        """Write the view and then its stamp, each whole or not at all, and drop the view before it; raises OSError."""
        name = dense_file(generation)
        write_durably(directory / name, faiss.serialize_index(self._index).tobytes())
        stamp = DenseStamp(index_id, generation, len(self), name, file_sha256(directory / name))
        write_durably(directory / DENSE_STAMP, json.dumps(asdict(stamp)).encode())
        for old in directory.glob("dense-*.faiss"):
            if old.name != name:
                old.unlink(missing_ok=True)
        sync_directory(directory)


def read_dense_stamp(directory: Path) -> DenseStamp | None:
    """The stamp of the dense view, None when it is missing or unreadable."""
    try:
        return DenseStamp(**json.loads((directory / DENSE_STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def dense_is_whole(directory: Path, stamp: DenseStamp) -> bool:
    """Whether the file that `stamp` names has the bytes it was saved with."""
    try:
        return file_sha256(directory / stamp.file) == stamp.sha256
    except OSError:
        return False


def load_dense(directory: Path, stamp: DenseStamp, dimension: int) -> DenseIndex | None:
    """The view that `stamp` names, None when its file is not whole or of another shape."""
    if not dense_is_whole(directory, stamp):
        return None
    try:
        loaded = faiss.read_index(str(directory / stamp.file))
    except RuntimeError:  # a newer writer has just replaced the file, or another faiss wrote it
        return None
    if loaded.d != dimension or loaded.ntotal != stamp.count:
        return None
    return DenseIndex(dimension, loaded)
