import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from qa.quoting import MARGIN, fuller, prefer_fuller


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("It has more than 14,000 companies.", "14,000", "more than 14,000"),
        ("It has more than 14,000 companies.", "14,000 companies", "more than 14,000 companies"),
        ("No fewer than 300 came.", "300", "No fewer than 300"),
        ("worth nearly $5 million", "$5 million", "nearly $5 million"),
        ("worth over US$5 million", "US$5 million", "over US$5 million"),
        ("as many as 12 died", "12", "as many as 12"),
        ("Just over 9% voted.", "9%", "Just over 9%"),
    ],
)
def test_a_number_takes_the_words_that_bound_it(text: str, found: str, wanted: str) -> None:
    fuller_span = fuller(text, span_of(text, found))
    assert fuller_span is not None and fuller_span.of(text) == wanted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("moreover 14 came", "14"),
        ("It was over. 14 came.", "14"),
        ("more than companies", "companies"),
        ("a book about Rome in 1904", "1904"),
        ("14 of 20", "14"),
    ],
)
def test_other_spans_have_no_fuller_reading(text: str, found: str) -> None:
    assert fuller(text, span_of(text, found)) is None


def test_the_reader_has_the_last_word() -> None:
    text = "more than 14,000"
    short, long = span_of(text, "14,000"), Span(0, len(text))
    assert prefer_fuller(text, short, lambda _: MARGIN) == long
    assert prefer_fuller(text, short, lambda _: MARGIN + 0.1) == short


@given(st.text(alphabet=list("about over 14,$m\n"), max_size=40), st.data())
def test_fuller_only_moves_the_start_and_to_a_word(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = fuller(text, span)
    if found is not None:
        assert found.end == span.end and found.start < span.start
        assert found.start == 0 or not text[found.start - 1].isalnum()
        assert text[found.start].isalpha()
