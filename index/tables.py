"""The tables of the truth, as docs/formats.md explains them. Another table or column is another format version."""

from __future__ import annotations

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
    passages INTEGER NOT NULL,
    seal BLOB NOT NULL,
    text TEXT NOT NULL,
    details TEXT
);
CREATE INDEX documents_by_source ON documents (source);
-- Holds all that a filter looks at, so that it never reads the rows, which the texts make long.
CREATE INDEX documents_by_filter ON documents (published, source);
-- Keys are never used twice (AUTOINCREMENT): a view that still holds a removed key can only miss, never mistake.
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (key),
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    context TEXT NOT NULL,
    generation INTEGER NOT NULL,
    seal BLOB NOT NULL
);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_generation ON passages (generation);
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key),
    input BLOB NOT NULL,
    seal BLOB NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX vectors_by_input ON vectors (input);
-- Vectors of a document too long for one batch, until the document itself is committed.
CREATE TABLE waiting (input BLOB PRIMARY KEY, seal BLOB NOT NULL, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE removals (key INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE INDEX removals_by_generation ON removals (generation);
CREATE TABLE files (
    source TEXT PRIMARY KEY,
    size INTEGER,
    modified INTEGER,
    changed INTEGER,
    inode INTEGER,
    sha256 BLOB NOT NULL,
    loaders TEXT NOT NULL
) WITHOUT ROWID;
"""

NAMES = ("meta", "documents", "passages", "vectors", "waiting", "removals", "files")


def statements() -> list[str]:
    """The statements that make the tables, one by one, for a transaction that is under way."""
    return [statement for statement in TABLES.split(";") if statement.strip()]
