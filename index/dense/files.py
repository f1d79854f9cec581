"""Parts of the dense view on disk: written whole or not at all, mapped into memory where they are read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from index.dense.exact import Bitmap, DenseIndex, Found, Keys, faiss
from index.dense.graph import GraphIndex
from index.dense.stamp import Part
from index.layout import durable, file_sha256
from index.trust import Trust
from index.types import Vectors

WRITE_BYTES = 1 << 20


class LoadedPart(Protocol):
    """A part that can be searched."""

    @property
    def exact(self) -> bool:
        """Whether its scores are those of the truth, or only good enough to choose candidates by."""

    def search(self, vector: Vectors, limit: int, only: Bitmap | None = None) -> Found:
        """The `limit` best keys (of those in `only`), best first; removed ones may be among them."""

    def keys(self) -> Keys:
        """The keys of all rows, in order."""

    def __len__(self) -> int:
        """How many rows there are, dead ones included."""


def write_index(path: Path, index: object) -> str:
    """Write a faiss index to `path` and return the SHA-256 of its bytes; raises OSError.

    Not by faiss's own file writer, which takes no notice when the last of its buffer meets a full disk.
    """
    digest = hashlib.sha256()
    failures: list[OSError] = []
    with durable(path) as file:

        def take(block: bytes) -> None:
            try:
                file.write(block)
            except OSError as error:
                failures.append(error)
                raise
            digest.update(block)

        try:
            faiss.write_index(index, faiss.PyCallbackIOWriter(take, WRITE_BYTES))
        except RuntimeError:
            if failures:
                raise failures[0] from None
            raise
    return digest.hexdigest()


def part_is_whole(directory: Path, part: Part, trust: Trust) -> bool:
    """Whether the part's file has the bytes that it was written with, or the look of when that was last checked."""
    try:
        return trust.covers(part.file) or file_sha256(directory / part.file) == part.sha256
    except OSError:
        return False


def load_part(directory: Path, part: Part, dimension: int) -> LoadedPart | None:
    """The part, None when its file is missing, is of another shape or was written by a faiss that this one is not."""
    try:
        loaded = faiss.read_index(str(directory / part.file), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError:
        return None
    if (loaded.d, loaded.ntotal) != (dimension, part.rows):
        return None
    return DenseIndex(dimension, loaded) if part.kind == "exact" else GraphIndex(loaded, part.depth)
