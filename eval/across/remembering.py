"""A reader with a memory, for asking the same questions in two ways."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import Passage
from qa.types import Reader, Reading


class Remembering:
    """A reader that reads each question and passage once: both runs mostly read the same."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str], Reading] = {}

    @property
    def fingerprint(self) -> str:
        """The reader's own."""
        return self._reader.fingerprint

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given."""
        missing = [passage for passage in passages if (question, passage.id) not in self._known]
        for reading in self._reader.read(question, missing):
            self._known[question, reading.passage.id] = reading
        return [self._known[question, passage.id] for passage in passages]
