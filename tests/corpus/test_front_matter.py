"""The head of a Markdown file."""

from datetime import date
from itertools import pairwise

import pytest

from corpus.loaders.front_matter import published_in, publisher_in, split_front_matter, title_in, url_in


def test_the_fields_are_read_and_the_body_is_the_rest():
    fields, body = split_front_matter(
        "---\nTitle: 'A: b'\ndate: 2023-02-14\nsource: https://example.org/a\npublisher: The Courier\n---\n\nBody.\n"
    )
    assert title_in(fields) == "A: b"
    assert published_in(fields) == date(2023, 2, 14)
    assert url_in(fields) == "https://example.org/a"
    assert publisher_in(fields) == "The Courier"
    assert body.strip() == "Body."


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("date: 2023-02-14 10:30:00", date(2023, 2, 14)),
        ("date: 2023-02-14T10:30:00Z", date(2023, 2, 14)),
        ("date: 14 February 2023", date(2023, 2, 14)),
        ("date: 'soon'", None),
        ("date: [1, 2]", None),
        ("updated: 2023-02-14", date(2023, 2, 14)),
        ("published: 2023-02-14\ndate: 2024-01-01", date(2023, 2, 14)),
    ],
)
def test_dates_of_every_yaml_kind(line, expected):
    assert published_in(split_front_matter(f"---\n{line}\n---\nBody")[0]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: [broken\n---\nBody",
        "---\ntitle: \x07\n---\nBody",
        "---\ndate: 2024-02-31\n---\nBody",
        "---\na: b: c\n---\nBody",
        "---\njust a line between rules\n---\nBody",
        "---\ntitle: never closed\n\nBody",
        "--- not a head ---\nBody",
        "No head at all",
    ],
)
def test_a_head_that_cannot_be_read_stays_in_the_text(text):
    assert split_front_matter(text) == ({}, text)


def test_windows_line_ends():
    fields, body = split_front_matter("---\r\ntitle: T\r\n---\r\nBody.\r\n")
    assert (title_in(fields), body.strip()) == ("T", "Body.")


def test_values_that_are_no_text_name_nothing():
    fields, _ = split_front_matter("---\ntitle: true\npublisher: [a, b]\nurl: ftp://example.org\n---\n")
    assert (title_in(fields), publisher_in(fields), url_in(fields)) == (None, None, None)


@pytest.mark.timeout(20)
def test_a_head_that_grows_without_end_takes_no_time():
    names = "abcdefghij"
    levels = "".join(f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in pairwise(names))
    fields, _ = split_front_matter(f"---\na: &a [x]\n{levels}title: T\n---\nBody")
    assert title_in(fields) == "T"
