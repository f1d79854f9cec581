from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.filters.days import read_bound
from qa.filters.searching import filtered_search
from qa.filters.typed import typed_filters
from qa.filters.types import Filters


def document(source: str = "/a/ledger.txt", published: date | None = date(2022, 1, 5), **more: str) -> Document:
    return Document.create(source=source, text=f"Text of {source}.", title="T", published=published, **more)


@pytest.mark.parametrize(
    ("filters", "admitted"),
    [
        (Filters(), True),
        (Filters(since=date(2022, 1, 5)), True),
        (Filters(since=date(2022, 1, 6)), False),
        (Filters(until=date(2022, 1, 5)), True),
        (Filters(until=date(2022, 1, 4)), False),
        (Filters(source="*ledger*"), True),
        (Filters(source="LEDGER.txt"), True),
        (Filters(source="*.md"), False),
        (Filters(source="Coast*"), True),
        (Filters(source="*herald.example"), True),
        (Filters(publisher="the Coast Herald"), True),
        (Filters(publisher="CoastHerald"), True),
        (Filters(publisher="Ledger"), False),
    ],
)
def test_what_is_let_in(filters: Filters, admitted: bool) -> None:
    article = document(publisher="Coast Herald", url="https://www.herald.example/1")
    assert filters.admits(article) is admitted


def test_an_undated_article_is_outside_of_every_date() -> None:
    assert not Filters(since=date(1900, 1, 1)).admits(document(published=None))
    assert Filters(source="*").admits(document(published=None))


def test_narrowing_keeps_both_bounds() -> None:
    one, other = Filters(date(2020, 1, 1), date(2023, 1, 1), "*a*"), Filters(date(2021, 1, 1), None, None, "Post")
    assert one.narrowed(other) == Filters(date(2021, 1, 1), date(2023, 1, 1), "*a*", "Post")
    assert not Filters()
    assert one


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2022-03-15", date(2022, 3, 15), date(2022, 3, 15)),
    ],
)
def test_bounds_are_whole_days_months_or_years(text: str, first: date, last: date) -> None:
    assert (read_bound(text).first, read_bound(text).last) == (first, last)


@pytest.mark.parametrize("text", ["", "22", "2022-13", "2022-02-30", "last year", "0000"])
def test_other_bounds_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_bound(text)


@pytest.mark.parametrize(
    ("typed", "question", "filters"),
    [
        ("According to China Daily, how many?", "How many?", Filters(publisher="China Daily")),
        ("Who won, according to ledger.example.org?", "Who won?", Filters(publisher="ledger.example.org")),
        ("How many, as reported by The Ellery Post?", "How many?", Filters(publisher="The Ellery Post")),
        ("What did the Herald say now?", "What did the Herald say now?", Filters(publisher="the Herald")),
        ("In articles from 2023, how many?", "How many?", Filters(date(2023, 1, 1), date(2023, 12, 31))),
        ("How many, in articles since March 2022?", "How many?", Filters(since=date(2022, 3, 1))),
        ("How many in reports published before 2020?", "How many?", Filters(until=date(2019, 12, 31))),
        ("How many in news after 2020?", "How many?", Filters(since=date(2021, 1, 1))),
    ],
)
def test_filters_typed_in_the_question(typed: str, question: str, filters: Filters) -> None:
    found = typed_filters(typed)
    assert (found.question, found.filters) == (question, filters)


@pytest.mark.parametrize(
    "question",
    [
        "How many people died according to the mayor?",
        "How many reports before 2020 mentioned wet ground?",
        "In Hefei, how many firms are there?",
        "What has been built since 2018?",
        "What did the judge say about the dam?",
    ],
)
def test_what_only_looks_like_a_filter_stays(question: str) -> None:
    assert typed_filters(question).question == question
    assert not typed_filters(question).filters


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=80))
def test_any_question_can_be_typed(question: str) -> None:
    found = typed_filters(question)
    assert found.filters or found.question == question


class Shelf:
    """A hundred articles, every tenth from the Post, in the order of a search."""

    def __init__(self) -> None:
        self.articles = [document(f"/{n}.txt", publisher="Post" if n % 10 == 9 else "Herald") for n in range(100)]
        self.depths: list[int] = []

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        self.depths.append(limit)
        passages = [Passage.of(one, Span(0, len(one.text))) for one in self.articles[:limit]]
        return [ScoredPassage(passage, 1.0) for passage in passages]

    def document(self, document_id: str) -> Document:
        return {one.id: one for one in self.articles}[document_id]

    def count(self) -> int:
        return len(self.articles)

    def close(self) -> None:
        pass


def test_the_search_goes_deeper_until_enough_pass() -> None:
    shelf = Shelf()
    found = filtered_search(shelf, "q", 5, Filters(publisher="Post"))
    sources = [shelf.document(one.passage.document_id).source for one in found]
    assert sources == ["/9.txt", "/19.txt", "/29.txt", "/39.txt", "/49.txt"]
    assert shelf.depths == [50]
    assert len(filtered_search(shelf, "q", 8, Filters(publisher="Post"))) == 8
    assert filtered_search(shelf, "q", 5, Filters(publisher="Gazette")) == []


def test_without_filters_the_search_is_as_it_was() -> None:
    shelf = Shelf()
    assert len(filtered_search(shelf, "q", 5, Filters())) == 5
    assert shelf.depths == [5]


def test_an_engine_that_filters_by_itself_is_left_to_do_so() -> None:
    class Filtering(Shelf):
        def search_filtered(self, question: str, limit: int, filters: Filters) -> list[ScoredPassage]:
            return self.search(question, 1)

    shelf = Filtering()
    assert len(filtered_search(shelf, "q", 5, Filters(publisher="Post"))) == 1
