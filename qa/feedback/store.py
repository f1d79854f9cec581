"""The file of feedback: SQLite beside the index, so that building the index anew, or deleting it, costs no verdict."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.errors import StorageError
from corpus.types import Span
from qa.feedback.types import Correct, Judgement, Verdict

FORMAT = 1
"""Stands in the file as its `user_version`."""
_TABLE = """CREATE TABLE IF NOT EXISTS judgements (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    given_at TEXT NOT NULL,
    question TEXT NOT NULL,
    verdict TEXT NOT NULL,
    answer TEXT,
    source TEXT,
    confidence REAL NOT NULL,
    correct_document TEXT,
    correct_source TEXT,
    correct_sha256 TEXT,
    correct_start INTEGER,
    correct_end INTEGER,
    correct_quote TEXT
)"""
_COLUMNS = (
    "given_at, question, verdict, answer, source, confidence, "
    "correct_document, correct_source, correct_sha256, correct_start, correct_end, correct_quote"
)
_INSERT = f"INSERT INTO judgements ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  our own names
_SELECT = f"SELECT {_COLUMNS} FROM judgements ORDER BY key"  # noqa: S608
_PATIENCE = 5.0
_MOST = 100_000
"""Verdicts that one file takes: a page that many may reach must not fill the disk."""


class FeedbackStore:
    """Opened anew for every call, so it may be used from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, index: Path) -> FeedbackStore:
        """The file that belongs to an index; it is made with the first verdict."""
        whole = index.absolute()
        return cls(whole.with_name(f"{whole.name}.feedback.sqlite"))

    def add(self, judgement: Judgement) -> None:
        """Keep a verdict; raises StorageError."""
        correct = judgement.correct
        place: tuple[object, ...] = (None,) * 6
        if correct is not None:
            span = correct.span
            place = (
                *(correct.document_id, correct.source, correct.document_sha256),
                *(span.start, span.end, correct.quote),
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (now, judgement.question, judgement.verdict, judgement.answer, judgement.source, judgement.confidence)
        with self._open() as connection:
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            (kept,) = connection.execute("SELECT count(*) FROM judgements").fetchone()
            if kept >= _MOST:
                raise StorageError(f"{self.path} holds {kept:,} verdicts, the most it takes; export and move it")
            connection.execute(_INSERT, (*row, *place))

    def judgements(self) -> list[Judgement]:
        """All verdicts, oldest first; none where the file was never made. Raises StorageError."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            return [_judgement(row) for row in connection.execute(_SELECT)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the file."""
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as connection:
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if version not in (0, FORMAT):
                    raise StorageError(f"{self.path} is of format {version}, expected {FORMAT}; use a newer Citespan")
                with connection:
                    yield connection
        except sqlite3.Error as error:
            raise StorageError(
                f"{self.path} cannot be used ({error}); check the disk, or move the file away"
            ) from error


def _judgement(row: tuple[Any, ...]) -> Judgement:
    _, question, verdict, answer, source, confidence, document, place, sha256, start, end, quote = row
    correct = None if quote is None else Correct(document, place, sha256, Span(start, end), quote)
    return Judgement(question, Verdict(verdict), answer, source, confidence, correct)
