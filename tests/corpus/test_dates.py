"""Dates as articles write them."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import find_date

MARCH_3 = date(2024, 3, 3)


@pytest.mark.parametrize(
    "spelled",
    [
        "2024-03-03",
        "2024-03-03T10:15:00Z",
        "2024/3/3",
        "2024.03.03",
        "March 3, 2024",
        "Mar. 3, 2024",
        "march 3 2024",
        "3 March 2024",
        "3rd of March, 2024",
        "3-Mar-2024",
        "Sunday, 3 March 2024",
        "Sun., Mar 3, 2024",
        "03.03.2024",
        "03/03/2024",
        "2024年3月3日",
        "It came out on 3 March 2024, at last",
    ],
)
def test_one_day_in_many_spellings(spelled):
    assert find_date(spelled) == MARCH_3


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("13/04/2024", date(2024, 4, 13)),
        ("04/13/2024", date(2024, 4, 13)),
        ("03.04.2024", date(2024, 4, 3)),
        ("Sept. 5, 2021", date(2021, 9, 5)),
        ("29 February 2024", date(2024, 2, 29)),
        ("31 February 2024; corrected: 1 March 2024", date(2024, 3, 1)),
    ],
)
def test_day_and_month_are_told_apart_where_they_can_be(spelled, expected):
    assert find_date(spelled) == expected


@pytest.mark.parametrize(
    "spelled",
    [
        "03/04/2024",
        "31 February 2024",
        "29 February 2023",
        "2024-13-01",
        "32.01.2024",
        "March 2024",
        "2024",
        "10:15",
        "version 1.2.2024.3",
        "0592-5382008",
        "No 56-58",
        "between 2019-2021",
        "",
    ],
)
def test_no_date_is_better_than_a_wrong_one(spelled):
    assert find_date(spelled) is None


@given(st.dates(date(1500, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day):
    month = calendar.month_name[day.month]
    for spelled in (day.isoformat(), f"{day.day} {month} {day.year}", f"{month[:3]} {day.day}, {day.year}"):
        assert find_date(spelled) == day


@given(st.text(max_size=200))
def test_any_text_is_searched_without_an_error(text):
    assert find_date(text) is None or isinstance(find_date(text), date)
