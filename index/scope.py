"""Which stored documents a build answers for: those whose files should be where it looks, and are not."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpus.discovery import Discovery
from corpus.loaders.load import source_of
from corpus.sources import file_of


def gone_below(stored: Iterable[str], found: Discovery, folders: Sequence[Path]) -> list[str]:
    """Stored sources below `folders` that are not there any more; below a folder that cannot be read, all are there."""
    roots = tuple(f"{source_of(folder).rstrip('/')}/" for folder in folders if folder.is_dir())
    there = {*found.sources, *(refusal.source for refusal in found.skipped)}
    closed = tuple(f"{refusal.source}/" for refusal in found.skipped)
    return [
        source
        for source in stored
        if source not in there
        and source.startswith(roots)
        and file_of(source, there) not in there
        and not source.startswith(closed)
    ]


def gone_anywhere(read: Mapping[str, str], found: Discovery) -> list[str]:
    """Of sources and the files they were once read from, those whose file the file system now denies to hold."""
    there = set(found.sources)
    return [source for source, file in read.items() if file not in there and _is_gone(file)]


def outside(found: Discovery, directory: Path) -> Discovery:
    """What was found, without the index's own files, which may lie in the folder indexed."""
    own, inside = f"{source_of(directory)}/", os.path.join(os.path.abspath(directory), "")  # noqa: PTH100, PTH118
    # The names are in order, so those inside stand together.
    first, last = bisect_left(found.names, inside), bisect_left(found.names, f"{inside[:-1]}{chr(ord(inside[-1]) + 1)}")
    names = found.names[:first] + found.names[last:] if first < last else found.names
    return Discovery(names, tuple(refusal for refusal in found.skipped if not refusal.source.startswith(own)))


def _is_gone(source: str) -> bool:
    if "\\" in source:
        return False  # a name that is no UTF-8 was written down escaped, and cannot be looked up
    try:
        Path(source).lstat()
    except FileNotFoundError:
        return True
    except OSError:  # no permission, or a disk that fails: not known to be gone
        return False
    return False
