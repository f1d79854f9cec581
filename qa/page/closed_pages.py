"""Pages that were closed: the last few are kept, for a phone that slept finds its conversation again; no others.

Gradio marks a closed page and forgets its conversation an hour later, and the rest of what it keeps for it not before
many more pages were opened: a busy server would grow for an hour.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

KEPT = 20


class ClosedPages:
    """The pages closed last, by session. Safe to use from several threads."""

    def __init__(self, last_used: Callable[[str], object], forget: Callable[[str], object], kept: int = KEPT) -> None:
        self._last_used, self._forget, self._kept = last_used, forget, kept
        self._closed: OrderedDict[str, object] = OrderedDict()
        """When each was used last before it was closed: a browser that comes back does not say so, but uses it."""
        self._lock = Lock()

    def close(self, session: str) -> None:
        """Count a page as closed, and forget those closed so long ago that others take their place."""
        with self._lock:
            self._closed[session] = self._last_used(session)
            self._closed.move_to_end(session)
            while len(self._closed) > self._kept:
                oldest, used = self._closed.popitem(last=False)
                if self._last_used(oldest) == used:
                    self._forget(oldest)
