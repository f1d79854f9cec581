"""The cheap first look at a file: size, times and inode, as a file system gives them without opening it.

A look that has not changed stands for content that has not changed, which no look can prove, so two things are asked of
it. The change time counts along with the modification time, because any program may set the latter back. And a look is
only kept of a file that had been left alone for a while when it was read: a second write within the same tick of the
file system's clock would give the same look (git calls such an entry racily clean).
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

SETTLED_NS = 2_000_000_000
"""How long a file must have been left alone: FAT keeps times to two seconds, every other file system is finer."""

_LARGEST = 2**63 - 1
"""SQLite's largest integer; inodes are unsigned."""


class Look(NamedTuple):
    """A file as `os.stat` shows it; times in nanoseconds. A tuple: a build makes two of them for every file."""

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def at(cls, path: Path | str) -> Look:
        """The look of the file at `path`, links followed; raises OSError."""
        found = os.stat(path)  # noqa: PTH116  a third of the time of the other
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _LARGEST)

    def settled(self, now: int | None = None) -> bool:
        """Whether the file had been left alone for a while at `now` (nanoseconds since the epoch; None means now)."""
        return max(self.modified, self.changed) + SETTLED_NS < (time.time_ns() if now is None else now)


def looks_as(name: str, look: tuple[int, int, int, int]) -> bool:
    """Whether the file looks as it did when it had a `Look` of these values: asked of every file by every build."""
    try:
        found = os.stat(name)  # noqa: PTH116  see `Look.at`
    except (OSError, ValueError):
        return False  # reading it will tell why
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _LARGEST) == look


class FileRecord(NamedTuple):
    """What the index remembers of a file that it has read."""

    source: str
    look: Look | None
    """None where the file had not settled: the next build reads its bytes to know whether it changed."""
    sha256: bytes
    """Of the file's bytes."""
    loaders: str
    """Fingerprint of the code that read it (`corpus.fingerprint`)."""


def incomplete(record: FileRecord) -> FileRecord:
    """The record of a file of which a part was refused: it matches no file, so every build reads it and says so."""
    return FileRecord(record.source, None, b"", record.loaders)
