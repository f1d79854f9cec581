"""The tables of what is kept of the folder as a whole, and writing them; `index.folder` reads them.

They are views of the documents: they may be missing or behind, and a build makes them again. That is why they are added
to an index of any format, without another format version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from index.traits import RULES, Traits, pack

TABLES = (
    """CREATE TABLE IF NOT EXISTS traits (
    document INTEGER PRIMARY KEY,
    rules TEXT NOT NULL,
    repeated BLOB NOT NULL,
    site BLOB NOT NULL,
    edges BLOB NOT NULL,
    cores BLOB NOT NULL,
    story BLOB NOT NULL,
    words BLOB NOT NULL,
    sketch BLOB NOT NULL,
    seal BLOB NOT NULL
)""",
    "CREATE INDEX IF NOT EXISTS traits_by_story ON traits (story)",
    "CREATE TABLE IF NOT EXISTS copies (document INTEGER PRIMARY KEY, original INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS copies_by_original ON copies (original)",
)

SETTLED = "settled"
"""The row of `meta` that says at which generation, and by which rules, the tables were last brought level."""


def make_tables(connection: sqlite3.Connection) -> None:
    """Add the tables where they are missing."""
    for statement in TABLES:
        connection.execute(statement)


def insert_traits(connection: sqlite3.Connection, key: int, traits: Traits) -> None:
    """Keep the traits of the document with this key, inside a transaction."""
    connection.execute("INSERT OR REPLACE INTO traits VALUES (?,?,?,?,?,?,?,?,?,?)", (key, RULES, *pack(traits)))


def delete_traits(connection: sqlite3.Connection, key: int) -> None:
    """Forget the document with this key, inside a transaction."""
    connection.execute("DELETE FROM traits WHERE document = ?", (key,))
    connection.execute("DELETE FROM copies WHERE document = ?", (key,))


def insert_traits_of(connection: sqlite3.Connection, found: Iterable[tuple[str, Traits]]) -> None:
    """Keep the traits of the documents with these ids, inside a transaction; unknown ids are passed over."""
    for document_id, traits in found:
        row = connection.execute("SELECT key FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is not None:
            insert_traits(connection, row[0], traits)


def keep_copies(connection: sqlite3.Connection, groups: Sequence[Sequence[int]]) -> None:
    """Put these copies on record in the place of all others, inside a transaction."""
    connection.execute("DELETE FROM copies")
    connection.executemany("INSERT INTO copies VALUES (?, ?)", [(key, group[0]) for group in groups for key in group])


def mark_settled(connection: sqlite3.Connection) -> None:
    """Note that the tables are level with the generation at hand, inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO meta SELECT ?, ? || '@' || value FROM meta WHERE name = 'generation'", (SETTLED, RULES)
    )
