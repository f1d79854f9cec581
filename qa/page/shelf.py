"""What the page stands on: each collection with what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.collection import Collection
from qa.feedback.store import FeedbackStore
from qa.uploading import Uploads


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection with example questions and, where there are, places for verdicts and for further articles."""

    collection: Collection
    examples: tuple[str, ...] = ()
    feedback: FeedbackStore | None = None
    uploads: Uploads | None = None

    @property
    def name(self) -> str:
        """What the collection is called."""
        return self.collection.name


class Shelves:
    """All of them by name; what names none (names come from a browser) is the first."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._all = {shelf.name: shelf for shelf in shelves}
        self.first = shelves[0]

    @property
    def names(self) -> list[str]:
        """In the order given."""
        return list(self._all)

    @property
    def uploading(self) -> bool:
        """Whether any of them takes articles."""
        return any(shelf.uploads is not None for shelf in self._all.values())

    def find(self, name: object) -> Shelf:
        """The shelf of that name."""
        return self._all.get(name, self.first) if isinstance(name, str) else self.first
