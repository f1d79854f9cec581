"""The tables of what is kept of the folder as a whole, and writing them; `index.folder` reads them.

They are views of the documents: they may be missing or behind, and a build makes them again. That is why they are added
to an index of any format, without another format version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.tallies import make_tallies
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


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look at the folder as a whole came to."""

    furniture: Mapping[int, frozenset[int]]
    """The lines of each site that are furniture, for those sites where they changed."""
    copies: Sequence[Sequence[int]]
    """The keys of each set of copies, the original's first."""
    stories: Sequence[bytes] | None
    """The keys of the stories whose copies were looked for; None where it was all."""


def make_tables(connection: sqlite3.Connection) -> None:
    """Add the tables where they are missing."""
    for statement in TABLES:
        connection.execute(statement)
    make_tallies(connection)


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


def keep_findings(connection: sqlite3.Connection, found: Findings) -> None:
    """Put these on record in the place of what stood there, inside a transaction."""
    for site, lines in found.furniture.items():
        connection.execute("DELETE FROM furniture WHERE site = ?", (site,))
        connection.executemany("INSERT INTO furniture VALUES (?, ?)", [(site, line) for line in sorted(lines)])
    if found.stories is None:
        connection.execute("DELETE FROM copies")
    else:
        theirs = "DELETE FROM copies WHERE document IN (SELECT document FROM traits WHERE story = ?)"
        connection.executemany(theirs, [(story,) for story in found.stories])
    rows = [(key, group[0]) for group in found.copies for key in group]
    connection.executemany("INSERT INTO copies VALUES (?, ?)", rows)


def forget_furniture(connection: sqlite3.Connection) -> None:
    """Let no line count as furniture, inside a transaction: every document with one that does is then looked at."""
    connection.execute("DELETE FROM furniture")


def forget_settled(connection: sqlite3.Connection) -> None:
    """Let the next build make the tables anew, inside a transaction."""
    connection.execute("DELETE FROM meta WHERE name = ?", (SETTLED,))


def mark_settled(connection: sqlite3.Connection) -> None:
    """Note that the tables are level with the generation at hand, inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO meta SELECT ?, ? || '@' || value FROM meta WHERE name = 'generation'", (SETTLED, RULES)
    )
