"""A search begun on another thread while this one does another: both libraries let go of the interpreter meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from types import TracebackType
from typing import Self

from index.ties import SPARE

Ranked = list[tuple[int, float]]


class Ahead:
    """Calls `search` for the first number of rows that `index.ties.best` will ask for, before it does.

    Begun on `pool` where there is one, else when it is asked. Nothing runs any more once the block is left, so what
    guards the search against changes may then be let go.
    """

    def __init__(self, pool: Executor | None, search: Callable[[int], Ranked], limit: int) -> None:
        self._search = search
        self._first = limit + SPARE
        self._begun: Future[Ranked] | None = pool.submit(search, self._first) if pool is not None else None

    def __call__(self, wanted: int) -> Ranked:
        """The `wanted` best rows; raises what the search raised."""
        if self._begun is not None and wanted == self._first:
            return self._begun.result()
        return self._search(wanted)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._begun is not None:
            wait([self._begun])
