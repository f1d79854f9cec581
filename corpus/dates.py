"""Dates as articles write them: found by pattern first, then read by dateutil, and refused when they cannot be.

Only whole dates count (a month without a day dates nothing), and 03/04/2024 counts as none: it is March in one
country and April in another, and a wrong date is worse than no date.
"""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s{1,3})?"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_TIME = (
    r"(?:[T,]?\s{0,3}(?:at\s)?\d{1,2}[:.]\d\d(?::\d\d(?:\.\d{1,6})?)?(?:\s?[ap]\.?m\b\.?)?"
    r"\s?(?:Z\b|[A-Z]{2,4}\b|(?:GMT|UTC)?[+-]\d\d:?\d\d)?)?"
)

DATE_PATTERN = (
    r"(?:"
    rf"{_WEEKDAY}(?:{_MONTH}\s{{0,3}}{_DAY}(?:,\s{{0,3}}|\s{{1,3}}){_YEAR}|{_DAY}\s{{0,3}}(?:of\s)?[\s-]?{_MONTH}[\s,-]{{1,3}}{_YEAR})"
    rf"|{_YEAR}-\d\d?-\d\d?|{_YEAR}/\d\d?/\d\d?|{_YEAR}\.\d\d?\.\d\d?"
    rf"|\d\d?[./-]\d\d?[./-]{_YEAR}"
    rf"|{_YEAR}年\d\d?月\d\d?日"
    r")"
)
"""Matches one whole date (case to be ignored); holds no group."""
DATE_TIME_PATTERN = DATE_PATTERN + _TIME
"""The same, with the time of day that may follow."""

_DATE = re.compile(rf"(?<![\w/.-]){DATE_PATTERN}(?![\d/-]|\.\d)", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)")
_YEAR_LAST = re.compile(r"(\d\d?)([./-])(\d\d?)[./-](\d{4})")
_SEARCH_WINDOW = 500


def find_date(text: str) -> date | None:
    """The first whole date that `text` spells in its first 500 characters, None when there is none or it cannot be."""
    for found in _DATE.finditer(text[:_SEARCH_WINDOW]):
        if read := _read(found.group()):
            return read
    return None


def _read(spelled: str) -> date | None:
    """The date that `spelled` (one match of the pattern) means."""
    if numbers := _YEAR_FIRST.fullmatch(spelled.rstrip("日")):
        return _date(*(int(number) for number in numbers.groups()))
    if numbers := _YEAR_LAST.fullmatch(spelled):
        return _day_and_month(int(numbers[1]), int(numbers[3]), int(numbers[4]), dotted=numbers[2] == ".")
    from dateutil import parser  # only a date with the month by name needs it

    try:
        # Another default would lend its day or month to a date that lacks one; the pattern lets none such through.
        return parser.parse(re.sub(r"\bof\b", " ", spelled, flags=re.IGNORECASE), default=datetime(2000, 1, 1)).date()
    except (ValueError, OverflowError):
        return None


def _day_and_month(first: int, second: int, year: int, *, dotted: bool) -> date | None:
    """Two numbers before a year: day first where dots stand between them, else only where one reading is possible."""
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if dotted or day_first == month_first or month_first is None:
        return day_first
    return month_first if day_first is None else None


def _date(year: int, month: int, day: int) -> date | None:
    """The date, None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
