from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.periods.absolute import absolute_mentions
from qa.periods.find import mentions
from qa.periods.types import Period

DAYS = st.dates(date(1500, 1, 1), date(2099, 12, 31))


def found(text: str, published: date | None = None) -> list[tuple[str, str]]:
    return [(mention.span.of(text), mention.period.label()) for mention in mentions(text, published)]


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("It opened in 1904.", "1904", "1904"),
        ("the 2022 World Cup", "2022", "2022"),
        ("in October 2016 it rained", "October 2016", "October 2016"),
        ("On Monday, July 3, 2023, it rained", "Monday, July 3, 2023", "3 July 2023"),
        ("from January to November 2021", "January to November 2021", "January to November 2021"),
        ("In January and February 2022, trade rose", "January and February 2022", "January to February 2022"),
        ("between 3 June and 25 September 2022", "3 June and 25 September 2022", "3 June 2022 to 25 September 2022"),
        ("in the first quarter of 2022", "first quarter of 2022", "January to March 2022"),
        ("Q3 2022 was dry", "Q3 2022", "July to September 2022"),
        ("the second half of 2022", "second half of 2022", "July to December 2022"),
        ("in the spring of 2022", "spring of 2022", "March to May 2022"),
        ("from 2019 to 2021", "2019 to 2021", "2019 to 2021"),
        ("the season 2019/20", "2019/20", "2019 to 2020"),
        ("in the 1990s", "1990s", "1990 to 1999"),
        ("a church of the 19th century", "19th century", "1801 to 1900"),
        ("by 2027 it is to double", "2027", "2027"),
    ],
)
def test_periods_named_outright(text: str, words: str, label: str) -> None:
    assert found(text) == [(words, label)]


@pytest.mark.parametrize(
    "text", ["sold 2000 people", "14,000", "2,021 firms", "$2021", "2021.5", "at 4:52 am", "may bring rain", "no 20211"]
)
def test_what_only_looks_like_a_year_is_none(text: str) -> None:
    assert found(text) == []


def test_a_day_that_no_calendar_has_leaves_its_month() -> None:
    assert found("on 31 February 2020") == [("February 2020", "February 2020")]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("last year", "2022"),
        ("this year", "2023"),
        ("next year", "2024"),
        ("three years ago", "2020"),
        ("last month", "September 2023"),
        ("It opened on Saturday", "30 September 2023"),
        ("until December 6", "6 December 2023"),
        ("on April 27", "27 April 2023"),
        ("in March", "March 2023"),
        ("yesterday", "1 October 2023"),
    ],
)
def test_periods_counted_from_the_day_of_the_article(text: str, label: str) -> None:
    assert [period for _, period in found(text, date(2023, 10, 2))] == [label]
    assert found(text) == []


@settings(deadline=None, max_examples=50)
@given(DAYS, st.integers(0, 4000))
def test_a_label_names_its_own_period(first: date, days: int) -> None:
    for period in (
        Period(first, min(first + timedelta(days=days), date(2099, 12, 31))),
        Period.of_years(first.year),
        Period.of_months(first.year, first.month),
    ):
        read = [mention.period for mention in absolute_mentions(f"in {period.label()}.")]
        assert read[0].first == period.first
        assert read[-1].last == period.last


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.none() | DAYS)
def test_any_text_can_be_searched_and_mentions_never_overlap(text: str, published: date | None) -> None:
    spans = [mention.span for mention in mentions(text, published)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_a_period_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="first <= last"):
        Period(date(2022, 1, 2), date(2022, 1, 1))
