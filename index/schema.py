"""The tables of the truth, and how a connection to it is opened.

Durability: WAL with synchronous=FULL. NORMAL would keep the file whole but may forget the last commits when the power
fails; a batch takes seconds to embed, so one more fsync a batch costs nothing and a committed batch stays committed.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from corpus.errors import EncoderMismatchError, IndexUnavailableError
from index.encoder import encoder_name
from index.failures import storage_errors
from index.layout import FORMAT_VERSION, TRUTH
from index.types import Encoder

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    publisher TEXT,
    url TEXT,
    sha256 TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX documents_by_source ON documents (source);
-- Keys are never used twice (AUTOINCREMENT): a view that still holds a removed key can only miss, never mistake.
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (key),
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    context TEXT NOT NULL,
    generation INTEGER NOT NULL
);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_generation ON passages (generation);
CREATE TABLE vectors (key INTEGER PRIMARY KEY REFERENCES passages (key), input BLOB NOT NULL, vector BLOB NOT NULL);
CREATE INDEX vectors_by_input ON vectors (input);
CREATE TABLE removals (key INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE INDEX removals_by_generation ON removals (generation);
"""


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
    }
    with storage_errors(directory):
        connection = _connect(directory, "rwc")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in TABLES.split(";"):
                connection.execute(statement)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", [(name, str(meta[name])) for name in meta])
            connection.execute("COMMIT")
        finally:
            connection.close()


def open_truth(directory: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the truth at `directory`; raises IndexUnavailableError when there is none that this version reads."""
    path = directory / TRUTH
    if not directory.is_dir():
        raise IndexUnavailableError(
            f"no index at {directory}: make one with `citespan build FOLDER --index {directory}`"
        )
    if not path.is_file():
        raise IndexUnavailableError(f"{directory} is not an index (it has no {TRUTH}): name the directory of an index")
    with storage_errors(directory):
        connection = _connect(directory, "rw" if writable else "ro")
        try:
            _check_format(connection, directory)
            if writable:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection


def holds_tables(directory: Path) -> bool:
    """Whether the truth at `directory` was ever finished: a build killed at its first instant leaves an empty file."""
    with storage_errors(directory):
        connection = _connect(directory, "ro")
        try:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0])
        finally:
            connection.close()


def read_identity(connection: sqlite3.Connection) -> Identity:
    """What the index was made of."""
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    return Identity(meta["index_id"], meta["encoder"], int(meta["dimension"]), meta["chunker"])


def check_encoder(identity: Identity, encoder: Encoder, directory: Path) -> None:
    """Raise EncoderMismatchError unless `encoder` made the index."""
    if identity.encoder != encoder.fingerprint:
        raise EncoderMismatchError(
            f"the index at {directory} was made by encoder {identity.encoder}, not {encoder.fingerprint}: "
            f"use {encoder_name(identity.encoder)!r}, or build into another directory"
        )


def _connect(directory: Path, mode: str) -> sqlite3.Connection:
    path = directory / TRUTH
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    if mode == "ro" and not os.access(directory, os.W_OK) and not path.with_name(f"{TRUTH}-wal").exists():
        address += "&immutable=1"  # WAL needs a -shm file, which a read-only directory cannot be given
    # Engines guard their connection with a lock of their own; 30 s covers another process's checkpoint.
    return sqlite3.connect(address, uri=True, timeout=30, isolation_level=None, check_same_thread=False)


def _check_format(connection: sqlite3.Connection, directory: Path) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0] == 0:
        raise IndexUnavailableError(
            f"the index at {directory} holds nothing yet (its first build was cut off): build again"
        )
    row = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    found = row[0] if row else "unknown"
    if found != str(FORMAT_VERSION):
        raise IndexUnavailableError(
            f"the index at {directory} has format {found}, this version reads {FORMAT_VERSION}: "
            "use the version of citespan that made it, or build it anew"
        )
