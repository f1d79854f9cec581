"""Asking the truth: one connection, its errors told in our own words, bytes that are no text kept as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.errors import IndexDamagedError
from corpus.sources import path_of
from index.failures import storage_errors
from index.layout import TRUTH
from index.looks import Look
from index.schema import open_truth

Row = tuple[Any, ...]


class Rows:
    """An open truth. Not safe for two threads at once: the engine that owns it guards it."""

    def __init__(self, directory: Path, *, writable: bool) -> None:
        self.directory = directory
        self.connection, self._file = _opened(directory, writable=writable)
        # A damaged name must not keep its row from being read, told by its seal and reported.
        self.connection.text_factory = _lenient

    def close(self) -> None:
        """Close the file; asking afterwards raises sqlite3.ProgrammingError."""
        self.connection.close()

    def replaced(self) -> bool:
        """Whether the file that was opened is not the one that is there now: deleted, or made anew."""
        return _inode(self.directory) != self._file

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads inside the block see one state of the truth, whatever a writer commits meanwhile."""
        with storage_errors(self.directory):
            self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def all(self, sql: str, *values: object) -> list[Row]:
        """Every row of a query; raises the errors of `storage_errors`."""
        with storage_errors(self.directory):
            return self.connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        """The rows of a query one by one, for tables that do not fit into memory."""
        with storage_errors(self.directory):
            yield from self.connection.execute(sql, values)

    def very_many(self, sql: str, *values: object) -> list[Row]:
        """What `all` returns, in a third of the time: text is read by SQLite itself, unless some is damaged."""
        with storage_errors(self.directory):
            self.connection.text_factory = str
            try:
                return self.connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if "decode" not in str(error).lower():
                    raise
            finally:
                self.connection.text_factory = _lenient
        return self.all(sql, *values)

    def one(self, sql: str, *values: object) -> Any:  # noqa: ANN401  a column of SQLite has no static type
        """The first column of the first row; raises IndexDamagedError when there is none."""
        rows = self.all(sql, *values)
        if not rows:
            raise self.damaged("a row of its table meta is missing")
        return rows[0][0]

    def damaged(self, what: str, cure: str = "restore it, or build it anew in another directory") -> IndexDamagedError:
        """The error that says what is damaged and what to do."""
        return IndexDamagedError(f"the index at {self.directory} is damaged: {what}; {cure}")

    def damaged_document(self, what: str, document_id: str, source: str) -> IndexDamagedError:
        """The error for one document of which something is not as it was stored."""
        cure = f"`citespan build {path_of(source)} --index {self.directory}` reads it anew"
        return self.damaged(f"{what} of document {document_id} ({source}) is not what was stored", cure)


def _opened(directory: Path, *, writable: bool) -> tuple[sqlite3.Connection, int]:
    """The connection and the inode of its file, which another process may be replacing just now."""
    while True:
        before = _inode(directory)
        connection = open_truth(directory, writable=writable)
        if before is not None and before == _inode(directory):
            return connection, before
        connection.close()


def _inode(directory: Path) -> int | None:
    try:
        return Look.at(directory / TRUTH).inode
    except OSError:
        return None


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
