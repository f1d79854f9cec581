"""One line for all questions, from the page and from programs: first come, first served, and of bounded length."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from threading import Lock

AT_ONCE, WAITING = 2, 64


class BusyError(Exception):
    """More questions are waiting than the server lets wait."""


class Place:
    """A place in the line; `turn` is done once it is at the front."""

    def __init__(self, ahead: int) -> None:
        self.ahead = ahead
        """How many were waiting before it when it was taken; 0 where its turn came at once."""
        self.turn: Future[None] = Future()


class Turnstile:
    """Lets `at_once` questions be answered at a time and `waiting` more wait, in the order they came.

    A place is handed on directly to who has waited longest: a newcomer cannot slip in between.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._at_once = at_once
        self._free = at_once
        self._room = waiting
        self._line: deque[Place] = deque()
        self._lock = Lock()

    @property
    def answering(self) -> int:
        """How many are having their turn."""
        return self._at_once - self._free

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._line)

    def enter(self) -> Place:
        """Take a place, to be left whatever happens; raises BusyError at once where too many wait already."""
        with self._lock:
            if self._free:
                self._free -= 1
                place = Place(0)
                place.turn.set_result(None)
                return place
            if len(self._line) >= self._room:
                raise BusyError
            place = Place(len(self._line) + 1)
            self._line.append(place)
            return place

    def leave(self, place: Place) -> None:
        """Give a place up, before its turn or after."""
        with self._lock:
            if not place.turn.done():
                self._line.remove(place)
            elif self._line:
                self._line.popleft().turn.set_result(None)
            else:
                self._free += 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait without a thread; raises BusyError."""
        place = self.enter()
        try:
            await come(place)
            yield
        finally:
            self.leave(place)


async def come(place: Place) -> None:
    """Wait for the turn of a place without a thread."""
    # Shielded: who stops waiting must not take the turn away from under `leave`.
    await asyncio.shield(asyncio.wrap_future(place.turn))
