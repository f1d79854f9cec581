"""Periods that a text names outright: "2022", "October 2016", "January to November 2021", "the 1990s".

Whole dates are read by `corpus.dates`, which refuses those that could be two days; what is written here are the names
of months, years and stretches of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache

from corpus.dates import DATE_PATTERN, find_date
from corpus.types import Span
from qa.periods.types import Mention, Period

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?:1[2-9]|20|21)\d\d"
_TO = r"\s?(?:to|through|until|till|and|[-–—])\s?"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_NOUN_FOLLOWS = re.compile(
    r"\s(?!(?:and|or|to|the|a|an|in|on|at|by|with|after|before|when|while|as|than|from|for|of|because|but|was|were|is|"
    r"are|had|has|have|did|does|would|will|that|which|who|it|he|she|they|season|edition|budget|election|report|plan|"
    r"race|final|award|figure|level|result|census|survey|study|vote|report)s?\b)[a-z]"
)
_YEAR_EXPECTED = re.compile(
    r"\b(?:in|of|since|by|from|until|till|to|before|after|during|around|about|late|early|mid|year|years|end|the|its|"
    r"their|his|her|this|fiscal|through|between|and|for|or|s)[\s-]$",
    re.IGNORECASE,
)

Build = Callable[[re.Match[str]], Period | None]


def absolute_mentions(text: str) -> list[Mention]:
    """Every period that `text` names outright, in order; of readings that overlap the fullest."""
    return list(_absolute_mentions(text))


@lru_cache(maxsize=512)
def _absolute_mentions(text: str) -> tuple[Mention, ...]:
    """Kept, because candidates are read again with every passage that joins theirs."""
    taken: list[Mention] = []
    for pattern, build in _PATTERNS:
        for match in pattern.finditer(text):
            span = Span(*match.span("what"))
            period = None if any(span.overlaps(other.span) for other in taken) else _built(build, match)
            if period is not None:
                taken.append(Mention(span, period))
    return tuple(sorted(taken, key=lambda mention: mention.span))


def _built(build: Build, match: re.Match[str]) -> Period | None:
    """The period, None where the words name no possible one (31 February, the year 0)."""
    try:
        return build(match)
    except ValueError:
        return None


def _day_range(match: re.Match[str]) -> Period | None:
    last = find_date(match["last"])
    if last is None:
        return None
    words = match["first"].rstrip(".").split()
    day, month = sorted(words, key=lambda word: not word[0].isdigit())[:2]
    first = date(last.year, MONTHS[month.casefold().rstrip(".")], int(re.sub(r"\D", "", day)))
    return Period(first, last)


def _day(match: re.Match[str]) -> Period | None:
    found = find_date(match["what"])
    return Period.of_day(found) if found else None


def _month_range(match: re.Match[str]) -> Period:
    return Period.of_months(int(match["year"]), _month(match["first"]), _month(match["last"]))


def _one_month(match: re.Match[str]) -> Period:
    return Period.of_months(int(match["year"]), _month(match["month"]))


def _quarter(match: re.Match[str]) -> Period:
    number = _QUARTERS[(match["nth"] or match["digit"]).casefold()]
    return Period.of_months(int(match["year"]), 3 * number - 2, 3 * number)


def _half(match: re.Match[str]) -> Period:
    first = 1 if match["nth"].casefold() == "first" else 7
    return Period.of_months(int(match["year"]), first, first + 5)


def _season(match: re.Match[str]) -> Period:
    return Period.of_months(int(match["year"]), *_SEASONS[match["season"].casefold()])


def _years(match: re.Match[str]) -> Period:
    first, last = match["first"], match["last"]
    return Period.of_years(int(first), int(first[: 4 - len(last)] + last))


def _decade(match: re.Match[str]) -> Period:
    return Period.of_years(int(match["year"]), int(match["year"]) + 9)


def _century(match: re.Match[str]) -> Period:
    number = int(match["number"])
    return Period.of_years(100 * number - 99, 100 * number)


def _year(match: re.Match[str]) -> Period | None:
    """A bare year; four digits that count something ("2000 people") are none."""
    before, after = match.string[: match.start("what")], match.string[match.end("what") :]
    if _NOUN_FOLLOWS.match(after) and not _YEAR_EXPECTED.search(before[-12:]):
        return None
    return Period.of_years(int(match["what"]))


def _month(name: str) -> int:
    return MONTHS[name.casefold().rstrip(".")]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$€£¥.,/-])(?P<what>{pattern})(?!\w|[.,]\d|\s?%|-\d)", re.IGNORECASE)


def _patterns() -> Iterator[tuple[re.Pattern[str], Build]]:
    """From the fullest wording to the barest."""
    month_day = rf"(?:{MONTH}\s{_DAY}|{_DAY}\s{MONTH})"
    nth = r"(?P<nth>first|second|third|fourth)"
    year = rf"(?P<year>{_YEAR})"
    of = r"(?:\sof)?(?:\sthe\syear)?\s"
    yield _compiled(rf"(?P<first>{month_day}){_TO}(?P<last>{DATE_PATTERN})"), _day_range
    yield _compiled(DATE_PATTERN), _day
    yield _compiled(rf"(?P<first>{MONTH}){_TO}(?P<last>{MONTH}),?(?:\sof)?\s{year}"), _month_range
    yield _compiled(rf"(?P<month>{MONTH}),?(?:\sof)?\s{year}"), _one_month
    yield _compiled(rf"(?:{nth}\squarter{of}|q(?P<digit>[1-4])\s){year}"), _quarter
    yield _compiled(rf"(?P<nth>first|second)\shalf{of}{year}"), _half
    yield _compiled(rf"(?P<season>spring|summer|autumn|fall)(?:\sof)?\s{year}"), _season
    yield _compiled(rf"(?P<first>{_YEAR})(?:\sto\s|\sand\s|\s?[-–—/]\s?)(?P<last>{_YEAR}|\d\d)"), _years
    yield _compiled(rf"(?P<year>{_YEAR[:-2]}0)['’]?s"), _decade
    yield _compiled(r"(?P<number>1\d|2[01])(?:st|th)[\s-]century"), _century
    yield _compiled(rf"{_YEAR}"), _year


_PATTERNS = tuple(_patterns())
