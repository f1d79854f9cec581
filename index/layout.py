"""Where an index keeps its files, and the two ways to write one so that no crash leaves half of it.

DIR/citespan.db        the truth: documents, passages, vectors (SQLite, with -wal and -shm beside it)
DIR/dense.json         stamp of the dense view: which file, which generation, its SHA-256
DIR/dense-N.faiss      the dense view at generation N
DIR/lexical/           the lexical view (tantivy); its stamp is a document inside it, its files carry checksums
DIR/write.lock         held while a process writes; DIR/writer.json names that process
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

FORMAT_VERSION = 1

TRUTH = "citespan.db"
DENSE_STAMP = "dense.json"
LEXICAL = "lexical"
LOCK = "write.lock"
WRITER = "writer.json"


def dense_file(generation: int) -> str:
    """The name of the dense view's file at `generation`."""
    return f"dense-{generation}.faiss"


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` beside `path`, flush it to the disk, then rename: readers see the old file or the new one."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with scratch.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    sync_directory(path.parent)


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
    """Bytes of a file, or of all files under a directory; 0 when it is not there."""
    if path.is_dir():
        return sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
    return path.stat().st_size if path.exists() else 0
