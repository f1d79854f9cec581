"""Changing the truth: one transaction stores, replaces and removes documents, and counts the generation up."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

import numpy as np

from index.encoder import encoder_input
from index.types import EncodedDocument


def commit(
    connection: sqlite3.Connection, items: Sequence[EncodedDocument], removed: Sequence[str], chunker: str | None
) -> int:
    """Apply one batch, all or nothing, and return the new generation; `chunker` replaces the stored fingerprint."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        generation = int(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0]) + 1
        for document_id in (*removed, *(item.document.id for item in items)):
            _remove(connection, document_id, generation)
        for item in items:
            _insert(connection, item, generation)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'generation'", (str(generation),))
        if chunker is not None:
            connection.execute("UPDATE meta SET value = ? WHERE name = 'chunker'", (chunker,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has already rolled back where the disk was full
            connection.execute("ROLLBACK")
        raise
    return generation


def input_digest(text: str) -> bytes:
    """What stands for the encoded text of a passage, so that its vector is found again (16 bytes)."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


def _remove(connection: sqlite3.Connection, document_id: str, generation: int) -> None:
    row = connection.execute("SELECT key FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        return
    connection.execute(
        "INSERT INTO removals (key, generation) SELECT key, ? FROM passages WHERE document = ?", (generation, row[0])
    )
    connection.execute("DELETE FROM vectors WHERE key IN (SELECT key FROM passages WHERE document = ?)", row)
    connection.execute("DELETE FROM passages WHERE document = ?", row)
    connection.execute("DELETE FROM documents WHERE key = ?", row)


def _insert(connection: sqlite3.Connection, item: EncodedDocument, generation: int) -> None:
    document = item.document
    published = document.published.isoformat() if document.published else None
    key = connection.execute(
        "INSERT INTO documents (id, source, title, published, publisher, url, sha256, text) VALUES (?,?,?,?,?,?,?,?)",
        (
            document.id,
            document.source,
            document.title,
            published,
            document.publisher,
            document.url,
            document.sha256,
            document.text,
        ),
    ).lastrowid
    halves = np.ascontiguousarray(item.vectors, dtype="<f2")
    for passage, vector in zip(item.passages, halves, strict=True):
        passage_key = connection.execute(
            'INSERT INTO passages (id, document, "start", "end", context, generation) VALUES (?,?,?,?,?,?)',
            (passage.id, key, passage.span.start, passage.span.end, passage.context, generation),
        ).lastrowid
        connection.execute(
            "INSERT INTO vectors (key, input, vector) VALUES (?,?,?)",
            (passage_key, input_digest(encoder_input(passage)), vector.tobytes()),
        )
