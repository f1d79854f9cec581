"""Sources: a file's is its path, and that of an article in a file begins with the file's.

/a/news.csv#row=3   /a/news.jsonl#id=17   /a/papers.zip!/may/first.txt
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_PARTED = re.compile(r"!/|#(?=(?:row|line|id)=)")


def file_of(source: str, files: Container[str]) -> str:
    """Which of `files` an article with this source was read from; the source itself where it is none of them."""
    if source in files:
        return source
    return next((file for file in _files_around(source) if file in files), source)


def _files_around(source: str) -> Iterator[str]:
    """What the file could be called, the shortest name first."""
    return (source[: found.start()] for found in _PARTED.finditer(source))


def path_of(source: str) -> str:
    """The path of the file around an article, as far as the source alone tells it."""
    return _PARTED.split(source, maxsplit=1)[0]
