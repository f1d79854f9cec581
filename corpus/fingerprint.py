"""Which code turns files into documents: an unchanged file is read again when that code is another.

The code says so itself: a constant to be raised by hand would sooner or later be forgotten, and a build would go on
serving what an earlier version made of the files.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PARSERS = (
    "trafilatura",
    "htmldate",
    "lxml",
    "markdown-it-py",
    "python-frontmatter",
    "python-dateutil",
    "charset-normalizer",
    "pypdfium2",
    "python-docx",
)
"""The libraries that take part in making a text out of a file's bytes."""


@cache
def loaders_fingerprint() -> str:
    """Hash of this room's code and the versions of the libraries it reads files with (16 hex digits)."""
    digest = hashlib.sha256()
    room = Path(__file__).parent
    for path in sorted(room.rglob("*.py")):
        digest.update(path.relative_to(room).as_posix().encode())
        digest.update(path.read_bytes())
    for name in PARSERS:
        digest.update(f"{name}={_version(name)}".encode())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
