"""Stored documents that are parts of files: mostly a file is one document, but a table or an archive holds many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

from corpus.sources import file_of


def parts_of(stored: Iterable[str], files: Container[str]) -> Mapping[str, Sequence[str]]:
    """The stored sources that stand inside `files`, by file; one that is a file itself, or of none, is left out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source in stored:
        if source in files:
            continue
        file = file_of(source, files)
        if file != source:
            found[file].append(source)
    return dict(found)
