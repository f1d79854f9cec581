"""A small folder of articles that changes, from a seed, between one build and the next."""

from __future__ import annotations

import random
from pathlib import Path

WORDS = (
    *("tram", "salt", "gallery", "council", "harbour", "bridge", "library"),
    *("orchard", "signal", "ferry", "market", "quarry", "meadow", "turbine"),
)
ARTICLES = 24


class Library:
    """Articles in `folder`; `settled` are their texts by source as the last complete build met them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.settled: dict[str, str] = {}
        self._chance = random.Random(seed)
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(ARTICLES):
            self._add()
        self._write(folder / "long.txt", "A long article", 60)

    def present(self) -> dict[str, str]:
        """The texts by source as they are now."""
        return {str(path): path.read_text(encoding="utf-8") for path in sorted(self.folder.rglob("*.txt"))}

    def settle(self) -> None:
        """Note that a build has met all that is present."""
        self.settled = self.present()

    def forget(self) -> None:
        """Note that the index is to be made from nothing."""
        self.settled = {}

    def change(self) -> None:
        """Add, rewrite, remove and move some files."""
        for _ in range(3):
            self._add()
        paths = sorted(path for path in self.folder.rglob("*.txt") if path.name != "long.txt")
        chosen = self._chance.sample(paths, 7)
        for path in chosen[:3]:
            self._write(path, path.stem, self._chance.randint(2, 9))
        for path in chosen[3:6]:
            path.unlink()
        target = self.folder / f"moved{self._chance.randint(0, 3)}"
        target.mkdir(exist_ok=True)
        chosen[6].rename(target / chosen[6].name)
        if self._chance.random() < 0.3:
            self._write(self.folder / "long.txt", "A long article", 60)

    def _add(self) -> None:
        self._count += 1
        self._write(self.folder / f"{self._count:04}.txt", f"Article {self._count}", self._chance.randint(2, 9))

    def _write(self, path: Path, title: str, sentences: int) -> None:
        one, two = (self._chance.choices(WORDS, k=sentences) for _ in range(2))
        said = [f"The {a} of {b} has number {self._chance.randint(1, 10**6)}." for a, b in zip(one, two, strict=True)]
        path.write_text(f"{title}\n\n{' '.join(said)}\n", encoding="utf-8")
