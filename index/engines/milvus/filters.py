"""What of a filter Milvus itself applies: the days in full, a source's glob as far as LIKE can say it.

LIKE knows two wildcards and, in Milvus Lite, no way to take them literally. So every character that is not plain
becomes "any one character": what comes back is what the filter covers and perhaps a little more, which the engine
drops, as it knows each passage's source.
"""

from __future__ import annotations

import re
from datetime import date

from index.types import Filter

NO_DAY = 0
"""Stands for a document without a date: before every day, so that a bound on days must ask for more than it."""

_PIECES = re.compile(r"\*+|\[!?+\]?+[^]]*+\]|.", re.DOTALL)
"""As `fnmatch` reads a glob: a bracket that comes first in a class is one of its letters, and does not close it."""
_PLAIN = re.compile(r"[^%_\\\"'\[\]?\x00-\x1f]\Z", re.DOTALL)


def day_number(day: date | None) -> int:
    """The day as it is stored."""
    return NO_DAY if day is None else day.toordinal()


def day_of(number: int) -> date | None:
    """The day that is stored as `number`."""
    return None if number == NO_DAY else date.fromordinal(number)


def expression(where: Filter | None) -> str:
    """The filter in Milvus's language, "" where everything is covered."""
    if where is None:
        return ""
    clauses = []
    if where.since is not None:
        clauses.append(f"published >= {day_number(where.since)}")
    if where.until is not None:
        clauses.append(f"published <= {day_number(where.until)}")
    if where.until is not None and where.since is None:
        clauses.append(f"published > {NO_DAY}")
    if where.source is not None:
        clauses.append(f'source like "{like(where.source)}"')
    return " and ".join(clauses)


def like(glob: str) -> str:
    """A pattern of LIKE that covers at least what the glob does."""
    return "".join(_like(piece) for piece in _PIECES.findall(glob))


def _like(piece: str) -> str:
    if piece.startswith("*"):
        return "%"
    return piece if len(piece) == 1 and _PLAIN.match(piece) else "_"
