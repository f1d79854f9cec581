"""A shard of the files, for one of several machines that embed beside one another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.discovery import Discovery
from corpus.errors import UsageError

_WRITTEN = re.compile(r"([0-9]{1,6})/([0-9]{1,6})\Z")
_FOLDER = re.compile(r"shard-([0-9]+)-of-([0-9]+)\Z")


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`th of `of` shards, counted from 1. Raises UsageError for one that there cannot be."""

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise UsageError(f"there is no shard {self.number} of {self.of}; give 1/{self.of} to {self.of}/{self.of}")

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard written as "3/8"; raises UsageError."""
        found = _WRITTEN.match(text)
        if found is None:
            raise UsageError(f"{text!r} is no shard; write 3/8 for the third of eight")
        return cls(int(found[1]), int(found[2]))

    @property
    def folder(self) -> str:
        """The name of the folder that the shard is written to."""
        return f"shard-{self.number}-of-{self.of}"

    def holds(self, source: str) -> bool:
        """Whether a file falls to this shard: by its path alone, so every machine decides alike."""
        digest = hashlib.sha256(source.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1

    def narrowed(self, found: Discovery) -> Discovery:
        """What of the files found falls to this shard."""
        names = tuple(name for name, source in zip(found.names, found.sources, strict=True) if self.holds(source))
        return replace(found, names=names)


@dataclass(frozen=True, slots=True)
class Shards:
    """Folders of shards, all of one cut."""

    folders: tuple[Path, ...]
    of: int

    @property
    def complete(self) -> bool:
        """Whether they are all that the cut has."""
        return len({folder.name for folder in self.folders}) == self.of


def shards_below(paths: Sequence[Path]) -> Shards:
    """The shards at `paths` and in the folders `paths`, each once, in order.

    Raises UsageError where there is none, or where they are not of one cut: those do not fit together.
    """
    found: dict[Path, int] = {}
    for path in paths:
        for folder in [path] if _FOLDER.match(path.name) else sorted(path.glob("shard-*-of-*")):
            name = _FOLDER.match(folder.name)
            if name is not None and folder.is_dir():
                found[folder] = int(name[2])
    cuts = sorted(set(found.values()))
    if not cuts:
        named = ", ".join(map(str, paths))
        raise UsageError(f"no shard is at {named}; `citespan embed FOLDER --shard 1/8 --out DIR` makes one")
    if len(cuts) > 1:
        raise UsageError(f"the shards were cut in {' and in '.join(map(str, cuts))}; give those of one cut")
    return Shards(tuple(found), cuts[0])
