"""Saved pages to plain text and metadata."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from corpus.loaders.html import parse_html

PARAGRAPH = "The council has agreed on a plan for the harbour, which the mayor presented on Monday to a full hall."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Harbour plan agreed | The Courier</title>
<meta property="og:title" content="Harbour plan agreed">
<meta property="og:site_name" content="The Courier">
<meta property="article:published_time" content="2022-11-16T08:30:00+08:00">
<link rel="canonical" href="https://courier.example.org/harbour">
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="cookie-banner"><p>We use cookies to count our readers.</p></div>
<article><h1>Harbour plan agreed</h1>
<p>{PARAGRAPH}</p>
<h2>What it costs</h2>
<p>It costs <b>19.6</b> million, of which <a href="/x">the state</a> pays half.<br>The rest is a loan.</p>
<ul><li>new quays</li><li>two cranes<ol><li>the old one</li><li>the new one</li></ol></li></ul>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2023</td><td>4.5</td></tr></table>
<p>{PARAGRAPH.replace("harbour", "airport")}</p>
</article>
<section class="comments"><h3>Leave a comment</h3><p>First!</p></section>
<footer><p>Copyright &copy;2022 The Courier. All rights reserved.</p></footer>
</body></html>"""


def test_the_main_text_is_kept_line_by_line_and_the_frame_is_not():
    assert parse_html(PAGE).text.split("\n\n") == [
        "Harbour plan agreed",
        PARAGRAPH,
        "What it costs",
        "It costs 19.6 million, of which the state pays half.\nThe rest is a loan.",
        "• new quays\n• two cranes\n1. the old one\n2. the new one",
        "Cost, 2023: 4.5.",
        PARAGRAPH.replace("harbour", "airport"),
    ]


def test_the_metadata_of_the_page():
    extract = parse_html(PAGE)
    assert extract.title == "Harbour plan agreed"
    assert extract.published == date(2022, 11, 16)
    assert extract.publisher == "The Courier"
    assert extract.url == "https://courier.example.org/harbour"


def test_a_page_without_parts_keeps_headings_lists_and_tables():
    page = f"<html><body><h1>T</h1><p>{PARAGRAPH}</p><h2>Sub</h2><ul><li>a</li><li>b</li></ul><p>End of it.</p>"
    assert parse_html(page).text == f"T\n\n{PARAGRAPH}\n\nSub\n\n• a\n• b\n\nEnd of it."


def test_a_short_notice_is_an_article_too():
    text = parse_html("<p>Closed on Monday.</p>").text
    assert "Closed on Monday." in text


def test_the_title_of_the_page_heads_a_text_that_lacks_it():
    page = (
        f"<html><head><title>The missing head</title></head><body><article><p>{PARAGRAPH}</p></article></body></html>"
    )
    assert parse_html(page).text == f"The missing head\n\n{PARAGRAPH}"


def test_no_date_is_taken_from_a_sentence():
    page = f"<html><body><article><p>{PARAGRAPH}</p><p>It was founded on 3 March 1991 by two brothers.</p></article>"
    assert parse_html(page).published is None


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>x</title></head><body><script>var a = 1;</script></body></html>",
        "<html></html>",
        "<!DOCTYPE html>",
        "<html><body><img src='a.png'></body></html>",
    ],
)
def test_a_page_without_text_is_refused(page):
    with pytest.raises(SourceError, match="without any main text"):
        parse_html(page)


def test_nothing_is_printed_about_a_bad_page(capfd):
    with pytest.raises(SourceError):
        parse_html("<html><body>" + "<div>" * 100_000)
    assert capfd.readouterr() == ("", "")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_between_tags_gives_text_or_a_refusal(text):
    try:
        extract = parse_html(f"<html><body><p>{text}</p></body></html>")
    except SourceError:
        return
    extract.text.encode("utf-8")


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<b>" * 100_000 + "x",
        "<html><body>" + "<ul><li>x" * 10_000,
        "<html><body><p" + " a" * 100_000,
        "<html><body><p title='" + "x" * 2_000_000 + "'>hello there</p>",
        "<html><body>" + "a<br>" * 5_000,
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b; hello</p></body></html>',
    ],
)
@pytest.mark.timeout(30)
def test_hostile_pages_take_seconds_at_most(page):
    try:
        parse_html(page)
    except SourceError as refusal:
        assert "main text" in str(refusal)
