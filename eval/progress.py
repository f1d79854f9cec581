"""The bar of a long piece of work: live on a terminal, a line every ten seconds in a log."""

from __future__ import annotations

import sys

from tqdm import tqdm


def progress_bar(what: str, unit: str, total: int, done: int = 0) -> tqdm[int]:
    """A bar that starts at `done`; nothing is drawn where nothing is left to do."""
    seconds = 0.1 if sys.stderr.isatty() else 10
    todo = range(done, total)
    # miniters=1: in a log the interval alone decides when a line is written.
    return tqdm(
        todo, total=total, initial=done, desc=what, unit=unit, mininterval=seconds, miniters=1, disable=not todo
    )
