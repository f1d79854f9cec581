"""Periods counted from the day of an article: "last year", "on Saturday", "in March", "September 30".

The wall clock is never asked: the same question over the same articles has the same answer tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from corpus.types import Span
from qa.periods.absolute import MONTH, MONTHS
from qa.periods.types import Mention, Period

_WEEKDAYS = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_SMALL = {
    word: number
    for number, word in enumerate(
        ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
_AHEAD = timedelta(days=92)
"""A month or day without its year lies at most this far ahead; else it is the last one gone by."""

_STEP = re.compile(
    r"\b(?P<step>last|past|previous|this|next|current|coming)\s(?P<unit>year|month|week)\b", re.IGNORECASE
)
_AGO = re.compile(rf"\b(?P<count>\d{{1,3}}|{'|'.join(_SMALL)}|one)\s(?P<unit>year|month)s?\sago\b", re.IGNORECASE)
_THIS_PART = re.compile(r"\bthis\s(?:term|season|spring|summer|autumn|fall|winter)\b", re.IGNORECASE)
_NEAR_DAY = re.compile(r"\b(?:yesterday|today|tomorrow)\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b(?P<next>next\s)?(?P<day>{'|'.join(_WEEKDAYS)})\b(?!,\s)", re.IGNORECASE)
_MONTH_AND_DAY = re.compile(
    rf"\b(?:(?P<month>{MONTH})\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?|(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s(?P<month2>{MONTH}))"
    r"(?![\d,]?\s?\d)",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|until|by|of|during|from|last|next)\s(?P<month>{MONTH})(?!,?\s?\d)", re.IGNORECASE
)
_MONTH_SPAN = re.compile(
    rf"\b(?:from|between)\s(?P<first>{MONTH})\s(?:to|through|until|and)\s(?P<last>{MONTH})(?!,?\s?(?:of\s)?[12]\d{{3}})",
    re.IGNORECASE,
)
_FIRST_MONTHS = re.compile(
    rf"\bfirst\s(?P<count>{'|'.join(_SMALL)}|eleven|\d\d?)\smonths(?:\sof\s(?:the|this)\syear)?(?!\sof)", re.IGNORECASE
)
_STEPS = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1}


def relative_mentions(text: str, anchor: date) -> list[Mention]:
    """Every period that `text` counts from `anchor`, in order; of readings that overlap the first found."""
    kept: list[Mention] = []
    for mention in _found(text, anchor):
        if not any(mention.span.overlaps(other.span) for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.span)


def _found(text: str, anchor: date) -> Iterator[Mention]:
    yield from _month_spans(text, anchor)
    for match in _STEP.finditer(text):
        yield _mention(match, _stepped(anchor, match["unit"].casefold(), _STEPS[match["step"].casefold()]))
    for match in _THIS_PART.finditer(text):
        yield _mention(match, Period.of_years(anchor.year))
    for match in _AGO.finditer(text):
        count = match["count"].casefold()
        number = int(count) if count.isdecimal() else _SMALL.get(count, 1)
        if number < anchor.year:
            yield _mention(match, _stepped(anchor, match["unit"].casefold(), -number))
    for match in _NEAR_DAY.finditer(text):
        days = {"yesterday": -1, "today": 0, "tomorrow": 1}[match[0].casefold()]
        yield _mention(match, Period.of_day(anchor + timedelta(days=days)))
    for match in _MONTH_AND_DAY.finditer(text):
        month, day = MONTHS[(match["month"] or match["month2"]).casefold().rstrip(".")], match["day"] or match["day2"]
        if nearest := _nearest(anchor, month, int(day)):
            yield _mention(match, Period.of_day(nearest))
    for match in _WEEKDAY.finditer(text):
        yield _mention(match, Period.of_day(_weekday(anchor, match)))
    for match in _MONTH_ALONE.finditer(text):
        month = MONTHS[match["month"].casefold().rstrip(".")]
        if nearest := _nearest(anchor, month, 15):
            yield _mention(match, Period.of_months(nearest.year, month))


def _month_spans(text: str, anchor: date) -> Iterator[Mention]:
    """Stretches of months without their year: the last that had begun by then."""
    for match in _MONTH_SPAN.finditer(text):
        first, last = (MONTHS[match[name].casefold().rstrip(".")] for name in ("first", "last"))
        if first < last:
            yield _mention(match, Period.of_months(anchor.year - (last > anchor.month), first, last))
    for match in _FIRST_MONTHS.finditer(text):
        count = match["count"].casefold()
        months = int(count) if count.isdecimal() else {**_SMALL, "eleven": 11}[count]
        if 2 <= months <= 11:
            yield _mention(match, Period.of_months(anchor.year - (months > anchor.month), 1, months))


def _mention(match: re.Match[str], period: Period) -> Mention:
    return Mention(Span(*match.span()), period, relative=True)


def _stepped(anchor: date, unit: str, steps: int) -> Period:
    """The year, month or week that lies `steps` after that of the anchor."""
    if unit == "year":
        return Period.of_years(anchor.year + steps)
    if unit == "month":
        months = 12 * anchor.year + anchor.month - 1 + steps
        return Period.of_months(months // 12, months % 12 + 1)
    monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=steps)
    return Period(monday, monday + timedelta(days=6))


def _weekday(anchor: date, match: re.Match[str]) -> date:
    """The last such weekday up to the anchor, for news tells what has happened; the one after it for "next"."""
    back = (anchor.weekday() - _WEEKDAYS[match["day"].casefold()]) % 7
    return anchor + timedelta(days=7 - back if match["next"] else -back)


def _nearest(anchor: date, month: int, day: int) -> date | None:
    """The last such day up to the anchor, or the next where it is soon and nearer; None where no year near has it."""
    candidates = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    near = [found for found in candidates if timedelta(days=-366) <= found - anchor <= _AHEAD]
    return min(near, key=lambda found: abs(found - anchor), default=None)
