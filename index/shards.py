"""A shard of the files, for one of several machines that embed beside one another."""

from __future__ import annotations

import hashlib
import re
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


def shards_below(paths: list[Path]) -> list[Path]:
    """The folders of shards among `paths` and in them, each once, in order; raises UsageError where there is none.

    Of shards cut in different numbers nothing fits together: raises UsageError as well.
    """
    found: dict[Path, int] = {}
    for path in paths:
        below = sorted(path.glob("shard-*-of-*")) if path.is_dir() else []
        for folder in [path] if _FOLDER.match(path.name) else below:
            if (name := _FOLDER.match(folder.name)) is not None:
                found[folder] = int(name[2])
    if not found:
        raise UsageError(
            f"no shard is at {', '.join(map(str, paths))}; `citespan embed --shard 1/8 --out DIR` makes one"
        )
    cuts = sorted(set(found.values()))
    if len(cuts) > 1:
        raise UsageError(f"the shards were cut in {' and in '.join(map(str, cuts))}; give those of one cut")
    return list(found)
