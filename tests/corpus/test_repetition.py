"""Lines that repeat across a folder: what becomes furniture for it, and what never does."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.chunking import chunk
from corpus.cleaning import blocks
from corpus.metadata import retitled, title_in
from corpus.repetition import Page, Role, cores, edges, repeated_lines, repeated_spans, tells
from corpus.types import BlockKind, Document

PLACES = ["Ashby", "Brigg", "Corley", "Denton", "Elmham", "Fordle", "Garth", "Hexby", "Ilton", "Jarrow"]


def article(place: str, number: int) -> list[str]:
    """Paragraphs of an article that has nothing but its form in common with the others."""
    return [
        f"{place} opens its {number}th bridge",
        f"The town of {place} opened a bridge of {number * 7} metres on Monday, after {number} years of building it.",
        f"{place} had asked for the bridge since 19{number + 30}, when the ferry of {place} sank with {number} people.",
        f"No one from {place} was hurt.",
    ]


def page(text: str, site: int = 1) -> Page:
    return Page(site, frozenset(edge.line for edge in edges(text) if edge.role is Role.LINE), cores(text))


def removed(texts: list[str]) -> list[list[str]]:
    """What each text loses when all of them stand in one folder."""
    found = {line for _, line in repeated_lines(map(page, texts), {1: len(texts)})}
    return [[span.of(text) for span in repeated_spans(edges(text), found)] for text in texts]


def folder(count: int, head: list[str], foot: list[str]) -> list[str]:
    return ["\n\n".join([*head, *article(PLACES[n], n + 3), *foot]) for n in range(count)]


def test_what_stands_around_every_article_is_furniture() -> None:
    head, foot = (
        ["The Courier – Evening edition"],
        ["Sign up here for more of our stories.", "The Courier, Quay Street"],
    )
    assert removed(folder(8, head, foot)) == [[*head, *foot]] * 8


def test_four_articles_are_too_few() -> None:
    assert removed(folder(4, ["The Courier"], ["Courier Media"])) == [[]] * 4


def test_a_line_of_few_among_many_is_left() -> None:
    texts = folder(5, [], ["Courier Media"])
    many = texts + [
        text.replace("Courier Media", f"No {n}") for n, text in enumerate(folder(10, [], ["Courier Media"]) * 5)
    ]
    assert all(lost == [] for lost in removed(many))


@pytest.mark.parametrize(
    "line",
    [
        "The council declined to say more about it.",
        "The company did not respond to a request for comment by the paper, which had asked twice.",
        "Courier Media employs 3,200 people",
        "• Tickets cost nothing",
        "Telephone: 0123 456 7890",
        "Write to desk@courier.example",
        "“We are proud of our bridge”",
        "He said that you never know.",
        "Founded in 1991, the zone is an engine of the province.",
    ],
)
def test_what_tells_something_is_never_furniture_however_often_it_stands(line: str) -> None:
    assert tells(line)
    assert removed(folder(10, [], [line])) == [[]] * 10


def test_what_stands_inside_an_article_is_no_furniture() -> None:
    texts = [
        "\n\n".join([*article(PLACES[n], n + 3)[:2], "Background", *article(PLACES[n], n + 3)[2:]]) for n in range(8)
    ]
    assert removed(texts) == [[]] * 8


def test_copies_of_one_story_do_not_make_its_lines_furniture() -> None:
    story = [*article("Ashby", 4), "More trains", "An end to ferries", "A new bridge for all"]
    texts = ["\n\n".join([f"Headline {n}", *story[1:]]) for n in range(9)]
    edited = [text.replace("28 metres", f"{n} metres") for n, text in enumerate(texts)]
    assert removed(texts) == [[]] * 9
    assert removed(edited) == [[]] * 9


def test_the_title_that_a_series_shares_stays() -> None:
    texts = ["\n\n".join(["The week in Ashby", *article(place, n + 3)[1:]]) for n, place in enumerate(PLACES)]
    assert removed(texts) == [[]] * len(PLACES)


def test_bylines_and_dates_stay_and_are_looked_past() -> None:
    texts = folder(7, ["By Anna Holm", "3 March 2024"], ["Courier Media", "By Anna Holm"])
    assert removed(texts) == [["Courier Media"]] * 7


def test_a_text_of_nothing_else_keeps_its_lines() -> None:
    found = edges("Courier Media\n\nMenu of the day")
    assert repeated_spans(found, {edge.line for edge in found}) == ()


def test_another_sites_lines_are_counted_apart() -> None:
    texts = folder(8, [], ["Courier Media"])
    pages = [page(text, site) for site, text in enumerate(texts)]
    assert repeated_lines(pages, Counter(range(8))) == set()


def test_furniture_is_out_of_the_passages_and_the_title_comes_after_it() -> None:
    text = folder(8, ["The Courier – Evening edition"], ["Courier Media"])[0]
    spans = repeated_spans(edges(text), {edge.line for edge in edges(text) if edge.role is Role.LINE})
    assert [block.kind for block in blocks(text, spans) if block.span in spans] == [BlockKind.FURNITURE] * 2
    assert title_in(text) == "The Courier – Evening edition"
    assert title_in(text, spans) == "Ashby opens its 3th bridge"
    document = Document.create(source="/a.txt", text=text, title=title_in(text) or "")
    named = retitled(document, (), spans)
    assert named.title == "Ashby opens its 3th bridge"
    assert retitled(named, spans, ()) == document
    words = " ".join(passage.text for passage in chunk(named, len, repeated=spans))
    assert "Courier" not in words
    assert "No one from Ashby was hurt." in words


def test_a_title_of_the_pages_own_markup_stays() -> None:
    text = folder(8, ["The Courier – Evening edition"], [])[0]
    spans = repeated_spans(edges(text), {edge.line for edge in edges(text) if edge.role is Role.LINE})
    document = Document.create(source="/a.html", text=text, title="A bridge for Ashby")
    assert retitled(document, (), spans) == document


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=8), st.data())
def test_spans_are_blocks_and_never_touch_what_tells(texts: list[str], data: st.DataObject) -> None:
    for text in texts:
        found = edges(text)
        lines = {edge.line for edge in found}
        spans = repeated_spans(found, data.draw(st.sets(st.sampled_from(sorted(lines)))) if lines else set())
        whole = {block.span: block for block in blocks(text)}
        assert all(span in whole and not tells(span.of(text)) for span in spans)
        left = [block for block in blocks(text, spans) if block.kind is not BlockKind.FURNITURE]
        assert left or not spans


@given(st.permutations(range(10)))
def test_the_order_of_the_folder_makes_no_difference(order: list[int]) -> None:
    pages = [page(text) for text in folder(10, ["The Courier"], ["Courier Media"])]
    assert repeated_lines([pages[n] for n in order], {1: 10}) == repeated_lines(pages, {1: 10})
