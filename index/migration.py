"""Bringing a truth of an older format to the present one: in one transaction, so that it is either the old or the new.

Keys stay what they are and are still never used twice. From format 1, texts and vectors are copied inside SQLite, byte
for byte: what was damaged before is damaged after, and is named. Of the files behind the documents nothing was known,
so the next build reads each of them once. Format 2 only lacks a column, empty at first: its rows keep their seals.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexUnavailableError
from index.connection import connect, stored_format
from index.layout import FORMAT_VERSION
from index.lock import WriterLock
from index.seals import facts_seal, vector_seal
from index.tables import statements

OLD_TABLES = ("meta", "documents", "passages", "vectors", "removals")
OLD_INDEXES = (
    "documents_by_source",
    "passages_by_document",
    "passages_by_generation",
    "vectors_by_input",
    "removals_by_generation",
)
COPIES = (
    "INSERT INTO meta SELECT * FROM meta_1",
    """INSERT INTO documents (key, id, source, title, published, publisher, url, sha256, passages, seal, text)
       SELECT d.key, d.id, d.source, d.title, d.published, d.publisher, d.url, d.sha256, d.count,
              facts_seal(d.id, d.source, d.title, d.published, d.publisher, d.url, d.sha256, d.count), d.text
       FROM (SELECT o.*, (SELECT count(*) FROM passages_1 p WHERE p.document = o.key) AS count
             FROM documents_1 o ORDER BY o.key) d""",
    """INSERT INTO passages SELECT p.key, p.id, p.document, p."start", p."end", p.context, p.generation,
              facts_seal(p.id, d.id, p."start", p."end", p.context)
       FROM passages_1 p JOIN documents_1 d ON d.key = p.document ORDER BY p.key""",
    "INSERT INTO vectors SELECT key, input, vector_seal(input, vector), vector FROM vectors_1 ORDER BY key",
    "INSERT INTO removals SELECT * FROM removals_1",
    "DELETE FROM sqlite_sequence WHERE name IN ('documents', 'passages')",
    """INSERT INTO sqlite_sequence (name, seq) SELECT substr(name, 1, length(name) - 2), seq
       FROM sqlite_sequence WHERE name IN ('documents_1', 'passages_1')""",
    "INSERT INTO meta VALUES ('removals_from', '0')",
    "UPDATE meta SET value = '3' WHERE name = 'format'",
)
FROM_2 = ("ALTER TABLE documents ADD COLUMN details TEXT", "UPDATE meta SET value = '3' WHERE name = 'format'")


def migrate(directory: Path, *, locked: bool) -> None:
    """Bring the truth to this version's format; `locked` says that the caller holds the write lock.

    Raises IndexUnavailableError for a format that there is no way from, IndexLockedError where another process writes,
    and sqlite3.Error or OSError where the file cannot be written.
    """
    lock = WriterLock(directory)
    connection = connect(directory, "ro")
    try:
        _refuse_unknown(stored_format(connection, directory), directory)
    finally:
        connection.close()
    if not locked:
        lock.acquire()
    try:
        connection = connect(directory, "rw")
        try:
            found = stored_format(connection, directory)  # somebody may have been faster
            if found == "1":
                _from_1(connection)
            elif found == "2":
                _from_2(connection)
        finally:
            connection.close()
    finally:
        lock.release()


def _refuse_unknown(found: str, directory: Path) -> None:
    if found not in ("1", "2", FORMAT_VERSION):
        raise IndexUnavailableError(
            f"the index at {directory} has format {found}, this version reads {FORMAT_VERSION}: "
            "use the version of citespan that made it, or build it anew"
        )


def _from_1(connection: sqlite3.Connection) -> None:
    connection.create_function("facts_seal", -1, facts_seal, deterministic=True)
    connection.create_function("vector_seal", 2, vector_seal, deterministic=True)
    with _all_or_nothing(connection):
        for table in OLD_TABLES:
            connection.execute(f"ALTER TABLE {table} RENAME TO {table}_1")
        # Needed while passages are counted, in the way of the new one's name afterwards.
        connection.execute("CREATE INDEX passages_1_by_document ON passages_1 (document)")
        for index in OLD_INDEXES:
            connection.execute(f"DROP INDEX {index}")
        for statement in (*statements(), *COPIES):
            connection.execute(statement)
        for table in OLD_TABLES:
            connection.execute(f"DROP TABLE {table}_1")


def _from_2(connection: sqlite3.Connection) -> None:
    with _all_or_nothing(connection):
        for statement in FROM_2:
            connection.execute(statement)


@contextmanager
def _all_or_nothing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
