"""One SQLite connection to the truth, and the format that the file says it has."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from corpus.errors import IndexUnavailableError
from index.layout import TRUTH


def connect(directory: Path, mode: str) -> sqlite3.Connection:
    """Open the file; `mode` is SQLite's own (ro, rw, rwc). Raises sqlite3.Error."""
    path = directory / TRUTH
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    if mode == "ro" and not os.access(directory, os.W_OK) and not path.with_name(f"{TRUTH}-wal").exists():
        address += "&immutable=1"  # WAL needs a -shm file, which a read-only directory cannot be given
    # Engines guard their connection with a lock of their own; 30 s covers another process's checkpoint.
    return sqlite3.connect(address, uri=True, timeout=30, isolation_level=None, check_same_thread=False)


def holds_meta(connection: sqlite3.Connection) -> bool:
    """Whether the truth was ever finished: a build killed at its first instant leaves an empty file."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0])


def stored_format(connection: sqlite3.Connection, directory: Path) -> str:
    """The format version that the file was written in; raises IndexUnavailableError for a file without tables."""
    if not holds_meta(connection):
        raise IndexUnavailableError(
            f"the index at {directory} holds nothing yet (its first build was cut off): build again"
        )
    row = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    return str(row[0]) if row else "unknown"
