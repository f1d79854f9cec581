"""How many questions this process is answering now. They share its cores, whichever collection they are put to.

A question alone gets its passages read side by side, for its answer is waited for. With others beside it each reads on
the core of its own thread: waiting for one another, handing windows over and back, would only cost. What is read, and
so the answer, is the same either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class InFlight:
    """A count; safe to use from several threads."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count a question in until the block is left."""
        with self._lock:
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return self._count > 1


QUESTIONS = InFlight()
"""Those of this process."""
