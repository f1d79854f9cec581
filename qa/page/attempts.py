"""How often somebody may guess: wrong passwords are counted by address, in memory, and too many make it wait."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from starlette.types import Scope

MOST, SECONDS = 10, 300.0
"""Wrong passwords from one address in this time."""
_ADDRESSES = 10_000
"""Remembered at most; the one that failed longest ago is forgotten first."""


class TooManyAttemptsError(Exception):
    """Guesses from this address must wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong passwords; try again in {seconds} seconds")
        self.seconds = seconds


class Attempts:
    """Counts failures. Safe to use from several threads."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def check(self, address: str) -> None:
        """Raise TooManyAttemptsError where an address has failed too often lately."""
        with self._lock:
            times = self._failures.get(address)
            if times is None or len(times) < self._most:
                return
            left = times[0] + self._seconds - self._clock()
            if left > 0:
                raise TooManyAttemptsError(math.ceil(left))

    def failed(self, address: str) -> None:
        """Count one more."""
        with self._lock:
            times = self._failures.setdefault(address, deque(maxlen=self._most))
            times.append(self._clock())
            self._failures.move_to_end(address)
            if len(self._failures) > _ADDRESSES:
                self._failures.popitem(last=False)


def address_of(scope: Scope) -> str:
    """Whom a request is from: its address, of IPv6 the network of which one machine has every address."""
    client = scope.get("client")
    if not client:
        return ""
    try:
        address = ip_address(client[0])
    except ValueError:
        return str(client[0])
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else str(address)
