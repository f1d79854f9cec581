"""Where an index keeps its files, and the two ways to write one so that no crash leaves half of it.

DIR/citespan.db        the truth: documents, passages, vectors (SQLite, with -wal and -shm beside it)
DIR/dense.json         stamp of the dense view: which generation, which files, their SHA-256
DIR/dense-N.faiss      a part of the dense view, written at generation N
DIR/trusted.json       looks of the views' files from when they were written or last checked
DIR/lexical/           the lexical view (tantivy); its stamp is a document inside it, its files carry checksums
DIR/write.lock         held while a process writes; DIR/writer.json names that process
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FORMAT_VERSION = "3"
"""Of the truth; docs/formats.md tells what each was. Views are not versioned: what is not understood is made anew."""

TRUTH = "citespan.db"
DENSE_STAMP = "dense.json"
TRUSTED = "trusted.json"
LEXICAL = "lexical"
LOCK = "write.lock"
WRITER = "writer.json"
SCRATCH = ".tmp"


def dense_file(generation: int, number: int = 1) -> str:
    """The name of the dense view's `number`th file of those written at `generation`."""
    return f"dense-{generation}.faiss" if number == 1 else f"dense-{generation}-{number}.faiss"


@contextmanager
def durable(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that is flushed to the disk and then takes its name: readers see the old file or the new.

    Raises OSError; the file that was there before then stays.
    """
    scratch = path.with_name(f"{path.name}.{os.getpid()}{SCRATCH}")
    try:
        with scratch.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    sync_directory(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Put `content` in the place of the file at `path`, as `durable` does."""
    with durable(path) as file:
        file.write(content)


def sweep(directory: Path) -> None:
    """Remove what killed writers left half-written. For the holder of the write lock only."""
    for left in directory.glob(f"*{SCRATCH}"):
        left.unlink(missing_ok=True)


def sync_directory(directory: Path) -> None:
    """Flush a rename inside `directory` to the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of the file at `path`, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files under a directory; what a writer removes meanwhile counts for nothing."""
    entries = path.rglob("*") if path.is_dir() else [path]
    return sum(_size(entry) for entry in entries)


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
