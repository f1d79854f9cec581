"""What SQLite and the file system report, as one line of our own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexDamagedError, IndexLockedError, StorageError

REFUSED = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
PRIMARY = 0xFF
"""An extended result code holds the primary one in its lowest byte."""


@contextmanager
def storage_errors(directory: Path) -> Iterator[None]:
    """Turn sqlite3.Error and OSError inside the block into StorageError, IndexLockedError or IndexDamagedError."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & PRIMARY
        if code in BUSY:
            raise IndexLockedError(f"the index at {directory} is being written ({error}): try again") from error
        if code in REFUSED:
            raise StorageError(
                f"the disk refused the index at {directory} ({error}): nothing committed is lost; "
                "make room or give access, then run the same command again"
            ) from error
        raise IndexDamagedError(
            f"the index at {directory} is damaged ({error}): restore it, or build it anew in another directory"
        ) from error
    except OSError as error:
        raise StorageError(
            f"the disk refused {error.filename or directory} ({error.strerror or error}): nothing committed is lost; "
            "make room or give access, then run the same command again"
        ) from error
