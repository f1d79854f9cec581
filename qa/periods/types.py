"""A stretch of days, and the words that name it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from corpus.types import Span


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """All days from `first` to `last`, both included; raises ValueError where they are in the wrong order."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period needs first <= last, got {self.first} to {self.last}")

    @classmethod
    def of_years(cls, first: int, last: int | None = None) -> Period:
        """Whole calendar years, `last` included; ValueError outside of 1 to 9999."""
        return cls(date(first, 1, 1), date(first if last is None else last, 12, 31))

    @classmethod
    def of_months(cls, year: int, first: int, last: int | None = None) -> Period:
        """Whole months of one year, `last` included; ValueError for a month that is none."""
        end = first if last is None else last
        return cls(date(year, first, 1), date(year, end, monthrange(year, end)[1]))

    @classmethod
    def of_day(cls, day: date) -> Period:
        """One day."""
        return cls(day, day)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def contains(self, other: Period) -> bool:
        """Whether every day of `other` is one of these."""
        return self.first <= other.first and other.last <= self.last

    @property
    def year(self) -> int | None:
        """The calendar year that it lies in; None where it crosses into another."""
        return self.first.year if self.first.year == self.last.year else None

    def label(self) -> str:
        """Write it for a person: "2022", "October 2016", "16 October 2023", "2019 to 2021"."""
        if self.first == self.last:
            return f"{self.first.day} {self.first:%B} {self.first.year}"
        if self == Period.of_years(self.first.year, self.last.year):
            return str(self.first.year) if self.year else f"{self.first.year} to {self.last.year}"
        if self.year and self == Period.of_months(self.first.year, self.first.month, self.last.month):
            last = f"{self.last:%B} {self.year}"
            return last if self.first.month == self.last.month else f"{self.first:%B} to {last}"
        return f"{Period.of_day(self.first).label()} to {Period.of_day(self.last).label()}"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a period; `span` is in coordinates of the text that was searched."""

    span: Span
    period: Period
    relative: bool = False
    """Whether it was counted from the day of the article: "last year", "on Saturday"."""
