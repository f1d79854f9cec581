"""Passages that are read while what was read before them is judged, and given up when they are not wanted.

Judging takes one core a while, and of two passages read side by side the shorter one leaves its core idle. So the
passages that may be asked for next are begun on the cores that are free. What is read stays the same: a reading is a
function of question and passage, and what is begun and not asked for is stopped where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from corpus.types import Passage
from index.runtime import Stop
from qa.types import Reader, Reading


class Underway(Protocol):
    """The reading of one question's passages, which are known by their places."""

    def take(self, places: Sequence[int], then: Sequence[int] = ()) -> list[Reading]:
        """The readings of these passages; `then` are those that may be asked for next, best first."""

    def close(self) -> None:
        """Nothing more is asked for."""


@runtime_checkable
class ReadsAhead(Protocol):
    """A reader that can begin what is asked for later."""

    def begin(self, question: str, passages: Sequence[Passage]) -> Underway:
        """Read these passages as they are taken, and ahead of that."""


@contextmanager
def underway(reader: Reader, question: str, passages: Sequence[Passage]) -> Iterator[Underway]:
    """The reading of these passages by any reader, ahead where it can; what is left after the block is told to stop."""
    own = reader.begin(question, passages) if isinstance(reader, ReadsAhead) else OneByOne(reader, question, passages)
    try:
        yield own
    finally:
        own.close()


@dataclass(frozen=True, slots=True)
class OneByOne:
    """Passages are read when they are taken, not before."""

    reader: Reader
    question: str
    passages: Sequence[Passage]

    def take(self, places: Sequence[int], then: Sequence[int] = ()) -> list[Reading]:
        """The readings of these passages."""
        return self.reader.read(self.question, [self.passages[at] for at in places])

    def close(self) -> None:
        """Nothing was begun."""


ReadOne = Callable[[Passage, Stop], Reading]
"""Reads a passage; after `Stop.stop` it raises whatever it likes."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Passages are read in `pool`, as many ahead of those taken as `spare` says that it may; one thread takes them."""

    read_one: ReadOne
    passages: Sequence[Passage]
    pool: Executor
    spare: Callable[[], int]
    _begun: dict[int, tuple[Future[Reading], Stop]] = field(default_factory=dict)

    def take(self, places: Sequence[int], then: Sequence[int] = ()) -> list[Reading]:
        """The readings of these passages; what was begun and is neither of `places` nor next is given up."""
        wanted = [*places, *then[: self.spare()]]
        self._give_up(set(self._begun) - set(wanted))
        for at in wanted:
            if at not in self._begun:
                stop = Stop()
                self._begun[at] = self.pool.submit(self.read_one, self.passages[at], stop), stop
        return [self._begun[at][0].result() for at in places]

    def close(self) -> None:
        """Give up what was begun and never taken."""
        self._give_up(set(self._begun))

    def _give_up(self, places: set[int]) -> None:
        for at in places:
            reading, stop = self._begun.pop(at)
            if not reading.cancel():
                stop.stop()
