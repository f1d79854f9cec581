"""Writes a file so that its name holds the whole of it or what was there before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from corpus.errors import StorageError, UsageError


@contextmanager
def written_whole(path: Path, *, private: bool = False) -> Iterator[TextIO]:
    """Open a temporary file beside `path` that takes its name on leaving without an error. UTF-8, LF line ends.

    A private one is for its owner only, from its first byte on.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"cannot write {path}; expected the name of a file in a folder that exists")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise StorageError(f"cannot write in {path.parent} ({error.strerror}); name another place") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if not private:
            temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """Read the mask that new files get; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
