"""One writer at a time, by name: the operating system drops the lock when its holder dies, however it dies."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import IndexLockedError
from index.layout import LOCK, WRITER

PATIENCE = 0.5
"""Seconds that a build waits for the lock: a reader that mends views after a crash holds it for a moment."""

POLL = 0.02


class WriterLock:
    """The write lock of the index at `directory`; not re-entrant, and held by at most one process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = FileLock(directory / LOCK, thread_local=False)

    def acquire(self, patience: float = 0.0) -> None:
        """Take the lock and write down who holds it; waits at most `patience` seconds for it to become free.

        Raises IndexLockedError that names the holder, or OSError.
        """
        try:
            self._lock.acquire(timeout=patience, poll_interval=POLL)
        except Timeout as error:
            raise IndexLockedError(
                f"the index at {self._directory} is being written by {self._holder()}: wait for it, then try again"
            ) from error
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat("T", "seconds"),
        }
        with suppress(OSError):  # a courtesy to others: on a full disk the write that matters will say so
            (self._directory / WRITER).write_text(json.dumps(holder), encoding="utf-8")

    def try_acquire(self) -> bool:
        """Take the lock if it is free and the directory can be written."""
        try:
            self.acquire()
        except (IndexLockedError, OSError):
            return False
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._lock.is_locked:
            (self._directory / WRITER).unlink(missing_ok=True)
            self._lock.release()

    def _holder(self) -> str:
        try:
            holder = json.loads((self._directory / WRITER).read_text(encoding="utf-8"))
            return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
