"""Blocks and their kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import blocks
from corpus.types import BlockKind

BODY = "The zone has grown in the past year, officials said. It is home to many companies."
SAVED_PAGE = f"""Home> Updates

Xiamen promotes development

chinadaily.com.cn| Updated: April 15, 2021 L M S


The city,\u00a0 in East China,\u00a0strengthens efforts. [Photo/xmnn.cn]

{BODY}

Advancing opening up

{BODY}

1. Flagship programs

{BODY}

Why Xiamen

  • About Xiamen

    {BODY}

Read More
Copyright ©2022 China Daily. All rights reserved.

Address: Torch Road, Huli district

Tel: 0592-5382008
"""


def kinds(text):
    return [(block.kind.value, block.span.of(text)) for block in blocks(text)]


def test_a_saved_page():
    assert kinds(SAVED_PAGE) == [
        ("furniture", "Home> Updates"),
        ("title", "Xiamen promotes development"),
        ("furniture", "chinadaily.com.cn| Updated: April 15, 2021 L M S"),
        ("furniture", "The city,\u00a0 in East China,\u00a0strengthens efforts. [Photo/xmnn.cn]"),
        ("body", BODY),
        ("heading", "Advancing opening up"),
        ("body", BODY),
        ("heading", "1. Flagship programs"),
        ("body", BODY),
        ("heading", "Why Xiamen"),
        ("body", "• About Xiamen"),
        ("body", BODY),
        ("furniture", "Read More"),
        ("furniture", "Copyright ©2022 China Daily. All rights reserved."),
        ("body", "Address: Torch Road, Huli district"),
        ("body", "Tel: 0592-5382008"),
    ]


def test_a_menu_of_lines_above_the_title():
    text = f"Home\nNews\nSport\nContact us\n\nA title\n\n{BODY}"
    assert [kind for kind, _ in kinds(text)] == ["furniture"] * 4 + ["title", "body"]


def test_furniture_of_the_ends_stays_in_the_middle():
    middle = "Print"
    text = "A title\n\n" + f"{BODY}\n\n" * 20 + f"{middle}\n\n" + f"{BODY}\n\n" * 20
    assert ("furniture", middle) not in kinds(text)


@pytest.mark.parametrize(
    "title", ["Print", "Comments", "Facebook", "Copyright", "What does Apple want?", "He was dead."]
)
def test_one_word_of_a_page_can_be_the_title(title):
    assert kinds(f"{title}\n\n{BODY}") == [("title", title), ("body", BODY)]


@pytest.mark.parametrize(
    "line",
    [
        "a line in lower case",
        "“Somebody is speaking here”",
        "A sentence that ends like one.",
        "Founded 3 March 1991",
        "Typical salary: £65,000",
        "A line that leads with many words into what comes after it:",
        "- An item",
        "1991",
        "A heading " * 12,
    ],
)
def test_lines_that_head_nothing(line):
    assert kinds(f"Title\n\n{BODY}\n\n{line}\n\n{BODY}")[2][0] == "body"


def test_a_list_of_short_lines_is_no_run_of_headings():
    text = f"Title\n\n{BODY}\n\nApples\nPears\nPlums\nCherries\n\n{BODY}"
    assert [kind for kind, _ in kinds(text)] == ["title", *["body"] * 6]


def test_a_last_line_heads_nothing():
    assert kinds(f"Title\n\n{BODY}\n\nThe End")[-1] == ("body", "The End")


def test_a_text_of_one_paragraph_has_no_title():
    assert kinds("One line") == [("body", "One line")]


@given(st.text(st.sampled_from("aB .\n\r>|[©:1\u00a0\u0301")) | st.text())
def test_blocks_cover_the_text_in_order(text):
    position = 0
    for block in blocks(text):
        assert not text[position : block.span.start].strip()
        words = block.span.of(text)
        assert words
        assert words == words.strip()
        position = block.span.end
    assert not text[position:].strip()


@given(st.lists(st.sampled_from([BODY, "A Heading", "Read More", "Home> Updates", "Share - WeChat", "x"]), max_size=12))
def test_a_sentence_of_the_article_is_never_furniture(lines):
    text = "\n\n".join(lines)
    assert all(block.kind is BlockKind.BODY for block in blocks(text) if block.span.of(text) == BODY)
