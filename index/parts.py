"""Which stored documents were read from which file: mostly one from each, many where a file holds many articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

from corpus.sources import file_of


def parts_of(stored: Iterable[str], files: Container[str]) -> Mapping[str, Sequence[str]]:
    """The stored sources by the file that they were read from; one of no file stands for itself."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source in stored:
        found[file_of(source, files)].append(source)
    return dict(found)
