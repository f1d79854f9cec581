"""Title, date and publisher out of the lines of plain text."""

from datetime import date

import pytest

from corpus.metadata import published_in, publisher_in, title_from_name, title_in

BODY = "\n\nThe zone has grown in the past year, officials said. It was founded on 3 March 1991.\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Updated: Jan 5, 2022 Print", date(2022, 1, 5)),
        ("chinadaily.com.cn| Updated: April 15, 2021 L M S", date(2021, 4, 15)),
        ("Xinhua | Updated: 2022-01-05 10:15", date(2022, 1, 5)),
        ("By X | 3 March 2024", date(2024, 3, 3)),
        ("By Jane Doe, 3 March 2024", date(2024, 3, 3)),
        ("LONDON, March 3, 2024 (Agency) - The zone has grown.", date(2024, 3, 3)),
        ("WASHINGTON, D.C., Sept. 5, 2021 — The zone has grown.", date(2021, 9, 5)),
        ("MARROWICK, February 23, 2023", date(2023, 2, 23)),
        ("2024-03-03", date(2024, 3, 3)),
        ("Sunday, 3 March 2024 at 10:15 GMT", date(2024, 3, 3)),
        ("Published: 1 March 2024 | Updated: 3 March 2024", date(2024, 3, 1)),
        ("Updated: 3 March 2024 | Published: 1 March 2024", date(2024, 3, 1)),
        ("Posted on 3rd of March 2024 at 10:15 am", date(2024, 3, 3)),
    ],
)
def test_a_date_line_dates_the_article(line, expected):
    assert published_in(f"A title\n\n{line}{BODY}") == expected


@pytest.mark.parametrize(
    "line",
    [
        "On 3 March 2024 the zone was opened.",
        "Published on 3 March 2024, the report shocked the city.",
        "The report was published on 3 March 2024.",
        "Updated: soon",
        "Published: 31 February 2024",
        "Updated: 03/04/2024",
        "March 2024",
        "Copyright ©2022 China Daily. All rights reserved.",
    ],
)
def test_sentences_and_impossible_dates_date_nothing(line):
    assert published_in(f"A title\n\n{line}{BODY}") is None


def test_a_date_line_at_the_foot_counts_and_one_in_the_middle_does_not():
    sentence = "The zone has grown in the past year, officials said.\n\n"
    assert published_in("A title\n\n" + sentence * 200 + "Last updated: 3 March 2024\n") == date(2024, 3, 3)
    assert published_in("A title\n\n" + sentence * 200 + "3 March 2024\n\n" + sentence * 200) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Copyright ©2022 China Daily. All rights reserved.", "China Daily"),
        ("Copyright © Xiamen Torch Academy. All rights reserved.", "Xiamen Torch Academy"),
        ("Copyright (c) 1999-2024 by Acme Corp. All Rights Reserved.", "Acme Corp"),
        ("© Example Courier 2021", "Example Courier"),
        ("chinadaily.com.cn| Updated: April 15, 2021 L M S", "chinadaily.com.cn"),
        ("Source: Xinhua", "Xinhua"),
        ("LONDON, March 3, 2024 (Agency) - The zone has grown.", "Agency"),
        ("All rights reserved.", None),
        ("Copyright law is old.", None),
        ("Jane Doe | Updated: April 15, 2021", None),
    ],
)
def test_the_publisher_is_named_by_its_own_lines(line, expected):
    assert publisher_in(f"A title\n\n{line}{BODY}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A title" + BODY, "A title"),
        (
            "Home> Updates\n\nA  title\u00a0here\n\nchinadaily.com.cn| Updated: April 15, 2021 L M S" + BODY,
            "A title here",
        ),
        ("The zone has grown in the past year, and so has the city around it, officials said on Monday." + BODY, None),
        ("Only one line", None),
        ("", None),
    ],
)
def test_the_title_is_the_first_line_that_is_no_furniture(text, expected):
    assert title_in(text) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("wnl-still_no--flying-cars", "Wnl still no--flying cars"),
        ("000_20b0", "000 20b0"),
        ("", "Untitled"),
        ("été", "Été"),
    ],
)
def test_a_file_name_is_made_readable(stem, expected):
    assert title_from_name(stem) == expected


@pytest.mark.parametrize(
    "unit", ["by ", "Home > ", "Copyright © ", "A, ", "|", "(", "© 2022 ", "Updated: 3 March 2024 | ", ". ", " "]
)
@pytest.mark.timeout(20)
def test_hostile_lines_take_no_time(unit):
    text = "\n".join([unit * (190 // len(unit)) + "!"] * 500) + "\n" + unit * 200_000
    assert published_in(text) is None or unit.startswith("Updated")
    publisher_in(text)
    title_in(text)
