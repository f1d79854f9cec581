"""Which lines stand in which articles, counted: a build that changes ten articles looks at these ten and their like.

The tables are kept level in the transaction that changes the documents, by a writer that found them level. Where they
were not (an index of before, a build that was killed, a very large change), they are made again from the traits.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator

from index.traits import Traits, is_whole, lines_of, site_of, story_of_row

TABLES = (
    """CREATE TABLE IF NOT EXISTS lines (
    site INTEGER NOT NULL, line INTEGER NOT NULL, place INTEGER NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (site, line, place, document)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS line_counts (
    site INTEGER NOT NULL, line INTEGER NOT NULL, documents INTEGER NOT NULL, PRIMARY KEY (site, line)
) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS line_counts_often ON line_counts (site, documents) WHERE documents > 1",
    "CREATE TABLE IF NOT EXISTS sites (site INTEGER PRIMARY KEY, documents INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS furniture (
    site INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (site, line)
) WITHOUT ROWID""",
)

OF_ONE = "SELECT repeated, site, edges, cores, story, words, sketch, seal FROM traits WHERE document = ?"
OF_ALL = """SELECT d.key, d.id, t.repeated, t.site, t.edges, t.cores, t.story, t.words, t.sketch, t.seal
            FROM traits t JOIN documents d ON d.key = t.document"""
EMPTIED = ("DELETE FROM lines", "DELETE FROM line_counts", "DELETE FROM sites")

MOST = 10_000
"""Changed documents from which on everything is looked at: one pass then costs less than their traces."""


class Tally:
    """What one writer has changed of the folder since it was level with the documents; `known` where that is all."""

    def __init__(self, *, known: bool) -> None:
        self.known = known
        self.sites: set[int] = set()
        self.stories: set[bytes] = set()
        self._changes = 0
        self.fresh: set[str] = set()
        """Ids of documents stored."""

    def restart(self, *, known: bool) -> None:
        """Begin anew."""
        self.known = known
        self._changes = 0
        self.sites.clear()
        self.stories.clear()
        self.fresh.clear()

    def take(self, connection: sqlite3.Connection, key: int, document_id: str, traits: Traits | None) -> None:
        """Count in a document that was stored, inside the transaction."""
        if not self.known:
            return
        if traits is None or self._changes >= MOST:
            self.restart(known=False)
            return
        site = signed(traits.site)
        self._changes += 1
        self.sites.add(site)
        self.stories.add(traits.story.key)
        self.fresh.add(document_id)
        _count_site(connection, site, 1)
        for line in map(signed, traits.lines):
            connection.execute("INSERT INTO lines VALUES (?,?,?,?)", (site, line, place_of(document_id), key))
            _count_line(connection, site, line, 1)

    def drop(self, connection: sqlite3.Connection, key: int, document_id: str) -> None:
        """Count out a document that is being removed, inside the transaction, while its traits are there."""
        if not self.known:
            return
        row = connection.execute(OF_ONE, (key,)).fetchone()
        if row is None or not is_whole(row) or self._changes >= MOST:
            self.restart(known=False)
            return
        site = signed(site_of(row))
        self._changes += 1
        self.sites.add(site)
        self.stories.add(story_of_row(row))
        self.fresh.discard(document_id)
        _count_site(connection, site, -1)
        for line in _lines(row):
            at = (site, line, place_of(document_id), key)
            connection.execute("DELETE FROM lines WHERE site = ? AND line = ? AND place = ? AND document = ?", at)
            _count_line(connection, site, line, -1)


def make_tallies(connection: sqlite3.Connection) -> None:
    """Add the tables where they are missing."""
    for statement in TABLES:
        connection.execute(statement)


def recount(connection: sqlite3.Connection) -> None:
    """Make all counts anew from the traits, inside a transaction."""
    for statement in EMPTIED:
        connection.execute(statement)
    # A version of before removes documents and leaves their traits.
    connection.execute("DELETE FROM traits WHERE document NOT IN (SELECT key FROM documents)")
    sizes: Counter[int] = Counter()
    connection.executemany("INSERT INTO lines VALUES (?,?,?,?)", all_lines(connection, sizes))
    connection.execute("INSERT INTO line_counts SELECT site, line, count(*) FROM lines GROUP BY site, line")
    connection.executemany("INSERT INTO sites VALUES (?,?)", sizes.items())


def place_of(document_id: str) -> int:
    """Where a document stands among those with the same line: it hangs on its name alone, not on when it came."""
    return int.from_bytes(hashlib.blake2b(document_id.encode(), digest_size=8).digest(), "little", signed=True)


def signed(number: int) -> int:
    """64 bits as SQLite keeps them."""
    return number - (1 << 64) if number >> 63 else number


def all_lines(connection: sqlite3.Connection, sizes: Counter[int]) -> Iterator[tuple[int, int, int, int]]:
    """A row of `lines` for each line of each document; `sizes` comes to hold how many documents each site has."""
    for key, document_id, *row in connection.execute(OF_ALL):
        if is_whole(row):
            site, place = signed(site_of(row)), place_of(document_id)
            sizes[site] += 1
            yield from ((site, line, place, key) for line in _lines(tuple(row)))


def _lines(row: tuple[bytes, ...]) -> list[int]:
    return [signed(line) for line in set(lines_of(row).tolist())]


def _count_site(connection: sqlite3.Connection, site: int, more: int) -> None:
    connection.execute(
        "INSERT INTO sites VALUES (?1, ?2) ON CONFLICT (site) DO UPDATE SET documents = documents + ?2", (site, more)
    )


def _count_line(connection: sqlite3.Connection, site: int, line: int, more: int) -> None:
    connection.execute(
        "INSERT INTO line_counts VALUES (?1, ?2, ?3) ON CONFLICT (site, line) DO UPDATE SET documents = documents + ?3",
        (site, line, more),
    )
    if more < 0:
        connection.execute("DELETE FROM line_counts WHERE site = ? AND line = ? AND documents <= 0", (site, line))
