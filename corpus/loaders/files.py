"""Reading one file whole and safely: what it is comes first, then how large, and only then its bytes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from corpus.errors import SourceError
from corpus.loaders.limits import LIMITS
from corpus.loaders.unpack import too_large

DEFAULT_SIZE_LIMIT = LIMITS.text_bytes

_CANNOT_BLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
"""A FIFO without a writer would hold an ordinary open for ever; not every system has the flags."""


def read_bytes(path: Path, limit: int = DEFAULT_SIZE_LIMIT) -> bytes:
    """All bytes of the regular file at `path`; raises SourceError for anything else and for more than `limit` bytes."""
    try:
        # Looked at before it is opened, so that no device is touched; looked at again once open,
        # because a name can come to mean another file between the two.
        _check(path.stat(), limit)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | _CANNOT_BLOCK)
        with os.fdopen(descriptor, "rb") as file:
            _check(os.fstat(descriptor), limit)
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise SourceError("the file is gone; check that nothing moves it while it is read") from None
    except PermissionError:
        raise SourceError("may not be read by this user; change its permissions") from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a NUL in it.
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"cannot be read ({reason}); check the disk and the name") from None
    if len(data) > limit:
        raise SourceError(too_large(len(data), limit))
    return data


def _check(status: os.stat_result, limit: int) -> None:
    """Raise SourceError unless `status` is that of a regular file of 1 to `limit` bytes."""
    kind = _kind(status.st_mode)
    if kind is not None:
        raise SourceError(f"is {kind}, not a regular file; name a file with an article in it")
    if status.st_size > limit:
        raise SourceError(too_large(status.st_size, limit))


def _kind(mode: int) -> str | None:
    """What a file that is not regular is called, None for a regular one."""
    if stat.S_ISREG(mode):
        return None
    names = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in names if test(mode)), "a special file")
