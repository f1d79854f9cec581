"""Dates as bounds on the command line: a day, a month or a year, all of it let in."""

from __future__ import annotations

import re
from datetime import date

from qa.periods.types import Period

_BOUND = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")


def read_bound(text: str) -> Period:
    """The days of "2022", "2022-03" or "2022-03-15"; raises ValueError for anything else."""
    match = _BOUND.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"expected a date as 2022, 2022-03 or 2022-03-15, got {text!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or month is None:
        return Period.of_years(year or 0)
    return Period.of_months(year, month) if day is None else Period.of_day(date(year, month, day))
