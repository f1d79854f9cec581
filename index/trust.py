"""Which files of the views need not be read through again on opening: those that look as they did when all was well.

At a million passages the views are half a gigabyte, and hashing them takes longer than a question. A truncated,
replaced or overwritten file has another look; what only a check can find, `citespan status --check` finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from index.layout import TRUSTED, write_durably
from index.looks import Look


class Trust:
    """The looks on record for the index at `directory`; none where the record is missing or unreadable."""

    def __init__(self, directory: Path, looks: dict[str, Look] | None = None) -> None:
        self._directory = directory
        self._looks = {} if looks is None else looks

    @classmethod
    def read(cls, directory: Path) -> Trust:
        """What the last writer put on record."""
        try:
            found = json.loads((directory / TRUSTED).read_text(encoding="utf-8"))
            return cls(directory, {name: Look(*numbers) for name, numbers in found.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return cls(directory)

    def covers(self, name: str) -> bool:
        """Whether the file `name`, relative to the index, looks as it did when it was put on record."""
        look = self._looks.get(name)
        try:
            return look is not None and look == Look.at(self._directory / name)
        except OSError:
            return False

    def renew(self, names: Iterable[str]) -> None:
        """Put on record the files `names`, written or read through by this process; raises OSError.

        One that has only just been written is left out until the next time: its look proves nothing yet.
        """
        looks = {name: Look.at(self._directory / name) for name in sorted(names)}
        settled = {name: look for name, look in looks.items() if look.settled()}
        if settled != self._looks:
            content = json.dumps(settled)
            write_durably(self._directory / TRUSTED, content.encode())
            self._looks = settled
