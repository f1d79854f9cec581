"""What LIKE is asked for covers whatever the glob covers, and needs no character taken literally."""

import re
from datetime import date
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.milvus.filters import day_number, day_of, expression, like
from index.types import Filter

LETTERS = "ab/*?[]!%_\\\"'.ü-"


def matches_like(text: str, pattern: str) -> bool:
    """LIKE as Milvus Lite has it: two wildcards, everything else literal."""
    parts = (".*" if letter == "%" else "." if letter == "_" else re.escape(letter) for letter in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


@given(st.text(LETTERS, max_size=8), st.text(LETTERS, max_size=8))
def test_like_covers_what_the_glob_covers(glob: str, source: str) -> None:
    if fnmatchcase(source, glob):
        assert matches_like(source, like(glob))


@given(st.text(LETTERS, max_size=8))
def test_a_source_is_covered_by_the_glob_that_names_it(source: str) -> None:
    escaped = re.sub(r"([*?[])", r"[\1]", source)
    assert fnmatchcase(source, escaped)
    assert matches_like(source, like(escaped))


@given(st.text(max_size=20))
def test_no_glob_ends_the_expression(glob: str) -> None:
    assert not set(like(glob)) & set("\"'\\\n\x00")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, ""),
        (Filter(), ""),
        (Filter(since=date(1, 1, 2)), "published >= 2"),
        (Filter(until=date(1, 1, 2)), "published <= 2 and published > 0"),
        (Filter(since=date(1, 1, 1), until=date(1, 1, 2)), "published >= 1 and published <= 2"),
        (Filter(source="/news/*[ab].txt"), 'source like "/news/%_.txt"'),
    ],
)
def test_a_filter_in_the_language_of_milvus(where, expected: str) -> None:
    assert expression(where) == expected


@given(st.one_of(st.none(), st.dates()))
def test_a_day_comes_back(day) -> None:
    assert day_of(day_number(day)) == day
