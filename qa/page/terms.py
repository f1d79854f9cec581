"""What the page's controls say, as terms to ask on; what they cannot mean is told as for a wrong call."""

from __future__ import annotations

from corpus.errors import UsageError
from qa.collection import Terms
from qa.filters.days import read_bound
from qa.filters.types import Filters
from qa.periods.types import Period

_LONGEST_PATTERN = 200


def read_terms(accepted: object, since: object = "", until: object = "", source: object = "") -> Terms:
    """Read the accepted error in percent and three texts; all come from a browser. Raises UsageError."""
    error = accepted / 100 if isinstance(accepted, int | float) and 0 < accepted < 100 else None
    first, last = _bound(since), _bound(until)
    start, end = first.first if first else None, last.last if last else None
    if start and end and start > end:
        raise UsageError(f"no day lies from {start} until {end}; give the earlier day first")
    return Terms(Filters(start, end, _pattern(source)), error)


def _bound(text: object) -> Period | None:
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return read_bound(text)
    except ValueError as error:
        raise UsageError(f"{text[:40]!r} is no date; write 2022, 2022-03 or 2022-03-15") from error


def _pattern(text: object) -> str | None:
    """A word alone is meant to be found anywhere; with * or ? it is a pattern of the whole."""
    if not isinstance(text, str) or not text.strip():
        return None
    words = text.strip()
    if len(words) > _LONGEST_PATTERN:
        raise UsageError(f"the source has {len(words)} characters; give at most {_LONGEST_PATTERN}")
    return words if set(words) & set("*?[") else f"*{words}*"
