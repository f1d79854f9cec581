"""Changing the truth: one transaction stores, replaces and removes documents, and counts the generation up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from index.details import details_to_json
from index.encoder import encoder_input
from index.folder_tables import delete_traits, insert_traits
from index.looks import FileRecord
from index.seals import document_seal, input_digest, passage_seal, vector_seal
from index.tallies import Tally
from index.types import EncodedDocument, Vectors


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction does, all or nothing."""

    items: Sequence[EncodedDocument] = ()
    """Documents to store, or to put in the place of those with the same ids."""
    removed: Sequence[str] = ()
    """Ids of documents to remove; those that are not there are passed over."""
    files: Sequence[FileRecord] = field(default=())
    """What is remembered of the files that `items` were read from."""
    chunker: str | None = None
    """The fingerprint that replaces the stored one."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block does, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has already rolled back where the disk was full
            connection.execute("ROLLBACK")
        raise


def commit(connection: sqlite3.Connection, change: Change, tally: Tally) -> int:
    """Apply `change`, counted in `tally`, and return the new generation."""
    with transaction(connection):
        generation = int(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0]) + 1
        for document_id in (*change.removed, *(item.document.id for item in change.items)):
            _remove(connection, document_id, generation, tally)
        for item in change.items:
            _insert(connection, item, generation, tally)
        remember(connection, change.files)
        _set(connection, "generation", str(generation))
        if change.chunker is not None:
            _set(connection, "chunker", change.chunker)
    return generation


def remember(connection: sqlite3.Connection, files: Iterable[FileRecord]) -> None:
    """Store what is known of these files, inside a transaction."""
    for record in files:
        look = record.look
        numbers = (look.size, look.modified, look.changed, look.inode) if look else (None,) * 4
        connection.execute(
            "INSERT OR REPLACE INTO files (source, size, modified, changed, inode, sha256, loaders) "
            "VALUES (?,?,?,?,?,?,?)",
            (record.source, *numbers, record.sha256, record.loaders),
        )


def keep_waiting(connection: sqlite3.Connection, texts: Sequence[str], vectors: Vectors) -> None:
    """Store vectors whose document is not complete yet; nothing of them can be found by a search."""
    with transaction(connection):
        for text, vector in zip(texts, halves(vectors), strict=True):
            digest, blob = input_digest(text), vector.tobytes()
            connection.execute(
                "INSERT OR REPLACE INTO waiting (input, seal, vector) VALUES (?,?,?)",
                (digest, vector_seal(digest, blob), blob),
            )


def forget_removals(connection: sqlite3.Connection, generation: int) -> None:
    """Cut the log of removals up to `generation`, inside a transaction."""
    connection.execute("DELETE FROM removals WHERE generation <= ?", (generation,))
    _set(connection, "removals_from", str(generation))


def halves(vectors: Vectors) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    """The rows as they are stored: float16, little-endian."""
    return np.ascontiguousarray(vectors, dtype="<f2")


def _set(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))


def _remove(connection: sqlite3.Connection, document_id: str, generation: int, tally: Tally) -> None:
    row = connection.execute("SELECT key, source FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        return
    key, source = row
    connection.execute(
        "INSERT INTO removals (key, generation) SELECT key, ? FROM passages WHERE document = ?", (generation, key)
    )
    connection.execute("DELETE FROM vectors WHERE key IN (SELECT key FROM passages WHERE document = ?)", (key,))
    connection.execute("DELETE FROM passages WHERE document = ?", (key,))
    connection.execute("DELETE FROM documents WHERE key = ?", (key,))
    tally.drop(connection, key, document_id)
    delete_traits(connection, key)
    connection.execute("DELETE FROM files WHERE source = ?", (source,))


def _insert(connection: sqlite3.Connection, item: EncodedDocument, generation: int, tally: Tally) -> None:
    document = item.document
    key = connection.execute(
        "INSERT INTO documents (id, source, title, published, publisher, url, sha256, passages, seal, text, details) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            document.id,
            document.source,
            document.title,
            document.published.isoformat() if document.published else None,
            document.publisher,
            document.url,
            document.sha256,
            len(item.passages),
            document_seal(document, len(item.passages)),
            document.text,
            details_to_json(document.details),
        ),
    ).lastrowid
    if key is None:
        raise sqlite3.IntegrityError("a document was stored without a key")
    tally.take(connection, key, document.id, item.traits)
    if item.traits is not None:
        insert_traits(connection, key, item.traits)
    for passage, vector in zip(item.passages, halves(item.vectors), strict=True):
        passage_key = connection.execute(
            'INSERT INTO passages (id, document, "start", "end", context, generation, seal) VALUES (?,?,?,?,?,?,?)',
            (
                passage.id,
                key,
                passage.span.start,
                passage.span.end,
                passage.context,
                generation,
                passage_seal(passage),
            ),
        ).lastrowid
        digest, blob = input_digest(encoder_input(passage)), vector.tobytes()
        connection.execute(
            "INSERT INTO vectors (key, input, seal, vector) VALUES (?,?,?,?)",
            (passage_key, digest, vector_seal(digest, blob), blob),
        )
