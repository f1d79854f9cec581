"""The person's view: what it shows, that lines fit, that marks survive folding, that nothing steers the terminal."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Document
from qa.exhibits import ExhibitKind, exhibits_of, only
from qa.phrasing import confidence_phrase, duration, likelihood, long_date, percent, plural, web_address
from qa.screen import Terminal, plain
from qa.terminal import draw_answer, fold

PLAIN, COLOUR = Terminal(colour=False, width=60), Terminal(colour=True, width=60)


def drawn(answer, article, terminal=PLAIN) -> str:
    return draw_answer(answer, exhibits_of(answer, {article.id: article}.__getitem__), terminal)


def test_an_answer_is_headline_confidence_passage_and_place(answer, article):
    lines = drawn(answer, article).strip().splitlines()
    assert lines[:2] == ["31 berths", "likely, 82 %"]
    text = "\n".join(lines)
    assert "It has ⟦31 berths⟧, and 9 of them are new." in text
    for words in ("The harbour", "The Courier · 5 January 2022", "https://courier.example", "/articles/harbour.txt"):
        assert words in text
    assert re.search(r"Other candidates\n +7 %  1904", text)


def test_the_page_is_named_where_the_article_has_pages(answer, article):
    paged = replace(answer, citations=(replace(answer.citations[0], page=3),))
    assert "The Courier · 5 January 2022 · page 3 · https://courier.example" in drawn(paged, article)


def test_a_terminal_sets_the_words_in_bold_reverse(answer, article):
    assert "It has \x1b[1;7m31 berths\x1b[0m, and" in drawn(answer, article, COLOUR)


def test_further_places_of_the_same_words_are_named(answer, article, cite):
    other = Document.create(source="/b.txt", text="There are 31 berths, it is said.", title="Other", published=None)
    text = drawn(replace(answer, citations=(*answer.citations, cite(other, "31 berths"))), article)
    assert "The same words also in\n  Other\n  There are 31 berths" in text


def test_an_abstention_says_why_and_shows_what_is_near(abstention, article):
    text = drawn(abstention, article)
    assert text.strip().splitlines()[:2] == ["The articles do not say.", "No passage answers this surely enough."]
    assert "Nearest passages\n  The harbour · 5 January 2022\n  The harbour opened in 1904." in text
    assert "too unsure to be given\n    12 %  Ana Ruiz" in text


def test_hopeless_candidates_are_left_out(answer, article):
    hopeless = replace(answer, alternatives=(replace(answer.alternatives[0], confidence=0.004),))
    assert "Other candidates" not in drawn(hopeless, article)


def test_citations_come_first_and_nearest_passages_only_with_an_abstention(answer, abstention, article):
    find = {article.id: article}.__getitem__
    kinds = [exhibit.kind for exhibit in exhibits_of(answer, find)]
    assert kinds == [ExhibitKind.CITATION, ExhibitKind.ALTERNATIVE]
    assert [exhibit.kind for exhibit in exhibits_of(abstention, find)] == [ExhibitKind.NEAREST, ExhibitKind.ALTERNATIVE]
    assert only(exhibits_of(answer, find), ExhibitKind.NEAREST) == ()


def test_articles_cannot_steer_the_terminal(answer, cite):
    evil = "\x1b[2J\x1b]0;owned\x07\x9b31m\rgone"
    document = Document.create(source=evil, text=f"It says {evil} here.", title=evil, publisher=evil, url=evil)
    hostile = replace(answer, text=evil, citations=(cite(document, evil),), alternatives=(), question=evil)
    for terminal in (PLAIN, COLOUR):
        text = re.sub(r"\x1b\[(?:0|1|2|1;7)m", "", drawn(hostile, document, terminal))
        assert all(letter == "\n" or letter.isprintable() for letter in text)


@given(text=st.text(max_size=300), width=st.integers(1, 50))
def test_folding_loses_nothing_but_blanks_and_keeps_to_the_width(text, width):
    lines = fold(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(line.of(text) for line in lines).split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in itertools.pairwise(lines))


def test_plain_is_one_line():
    assert plain("a\n b\tc  d") == "a b c d"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "virtually certain, > 99 %"),
        (0.99, "virtually certain, 99 %"),
        (0.9, "very likely, 90 %"),
        (0.82, "likely, 82 %"),
        (0.5, "about as likely as not, 50 %"),
        (0.2, "unlikely, 20 %"),
        (0.012, "very unlikely, 1 %"),
        (0.0, "very unlikely, < 1 %"),
    ],
)
def test_confidence_in_words(confidence, words):
    assert confidence_phrase(confidence) == words
    assert words.startswith(likelihood(confidence))
    assert words.endswith(percent(confidence))


def test_dates_counts_and_addresses():
    assert long_date(date(2022, 1, 5)) == "5 January 2022"
    assert long_date(None) == "no date given"
    taken = [duration(milliseconds) for milliseconds in (0.0, 31.4, 999.4, 999.6, 1_260)]
    assert taken == ["1 ms", "31 ms", "999 ms", "1.0 s", "1.3 s"]
    assert (plural(1, "article"), plural(0, "article"), plural(1204, "entry", "entries")) == (
        *("1 article", "0 articles", "1,204 entries"),
    )
    assert web_address("https://example.org/a") == "https://example.org/a"
    for unsafe in (
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https:",
        "http://[",
        "ftp://a/b",
    ):
        assert web_address(unsafe) is None
