"""How a connection to the truth is opened, and what must be so for it to be the right one.

Durability: WAL with synchronous=FULL. NORMAL would keep the file whole but may forget the last commits when the power
fails; a batch takes seconds to embed, so one more fsync a batch costs nothing and a committed batch stays committed.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EncoderMismatchError, IndexUnavailableError
from index.connection import connect, holds_meta, stored_format
from index.encoder import encoder_name
from index.failures import storage_errors
from index.folder_tables import make_tables
from index.layout import FORMAT_VERSION, TRUTH
from index.migration import migrate
from index.tables import statements
from index.types import Encoder

WRITER_CACHE_KB = 64_000
"""The digests of inputs come in no order: with SQLite's own 2 MB every one of them is a page read at a million."""

LOG_BYTES = 64 << 20
"""What the write-ahead log is cut back to after a large transaction."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an index is made of; a view carries `index_id`, so that it is never taken for another index's."""

    index_id: str
    encoder: str
    dimension: int
    chunker: str


def create_truth(directory: Path, *, encoder: str, dimension: int, chunker: str) -> None:
    """Make the file and its tables in one transaction; raises StorageError."""
    meta = {
        "format": FORMAT_VERSION,
        "index_id": secrets.token_hex(8),
        "encoder": encoder,
        "dimension": dimension,
        "chunker": chunker,
        "generation": 0,
        "removals_from": 0,
    }
    with storage_errors(directory):
        connection = connect(directory, "rwc")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements():
                connection.execute(statement)
            make_tables(connection)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", [(name, str(meta[name])) for name in meta])
            connection.execute("COMMIT")
        finally:
            connection.close()


def open_truth(directory: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the truth at `directory`, brought to this version's format first; `writable` means the lock is held.

    Raises IndexUnavailableError when there is none that this version reads, IndexLockedError when it is of an older
    format and another process writes.
    """
    path = directory / TRUTH
    if not directory.is_dir():
        raise IndexUnavailableError(
            f"no index at {directory}: make one with `citespan build FOLDER --index {directory}`"
        )
    if not path.is_file():
        raise IndexUnavailableError(f"{directory} is not an index (it has no {TRUTH}): name the directory of an index")
    with storage_errors(directory):
        connection = connect(directory, "rw" if writable else "ro")
        try:
            if stored_format(connection, directory) != FORMAT_VERSION:
                connection.close()
                migrate(directory, locked=writable)
                connection = connect(directory, "rw" if writable else "ro")
            if writable:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
                connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
                make_tables(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def holds_tables(directory: Path) -> bool:
    """Whether the truth at `directory` was ever finished: a build killed at its first instant leaves an empty file."""
    with storage_errors(directory):
        connection = connect(directory, "ro")
        try:
            return holds_meta(connection)
        finally:
            connection.close()


def read_identity(connection: sqlite3.Connection) -> Identity:
    """What the index was made of."""
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    return Identity(meta["index_id"], meta["encoder"], int(meta["dimension"]), meta["chunker"])


def check_encoder(identity: Identity, encoder: Encoder, directory: Path) -> None:
    """Raise EncoderMismatchError unless `encoder` made the index."""
    check_made(identity.encoder, encoder, f"at {directory}")


def check_made(by: str, encoder: Encoder, where: str) -> None:
    """Raise EncoderMismatchError unless `encoder` is the one that an index was made by."""
    if by == encoder.fingerprint:
        return
    name = encoder_name(by)
    another_version = name == encoder_name(encoder.fingerprint)
    advice = (
        "build it anew, into another directory" if another_version else f"use {name!r}, or build into another directory"
    )
    raise EncoderMismatchError(f"the index {where} was made by encoder {by}, not {encoder.fingerprint}: {advice}")
