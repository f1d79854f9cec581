import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from qa.quoting import END_MARGIN, START_MARGIN, counted, fuller_end, fuller_start, one_quantity, prefer_fuller


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
    span = span_of(text, found)
    start = fuller_start(text, span)
    assert start is not None and text[start : span.end] == wanted


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
    assert fuller_start(text, span_of(text, found)) is None


@pytest.mark.parametrize(
    ("question", "text", "wanted"),
    [
        ("How many companies does it have?", "It has 14,000 companies.", "14,000 companies"),
        ("How many high-tech companies are there?", "It has 14 new high-tech companies.", "14 new high-tech companies"),
        ("How many students came?", "Some 9 million young students came.", "9 million young students"),
        ("How many companies does it have?", "It has 14,000 of the companies.", None),
        ("How many companies does it have?", "It has 14,000, companies say.", None),
        ("How many companies does it have?", "It has 14,000 workers in big new companies.", None),
        ("What do companies have?", "They have 14,000 companies.", None),
    ],
)
def test_a_number_takes_what_it_counts(question: str, text: str, wanted: str | None) -> None:
    number = next(part for part in ("14,000", "14", "9 million") if part in text)
    span = span_of(text, number)
    end = fuller_end(text, span, counted(question))
    assert (end and text[span.start : end]) == wanted


def test_what_is_counted_already_is_not_counted_twice() -> None:
    text = "14,000 companies and companies"
    assert fuller_end(text, span_of(text, "14,000 companies"), counted("How many companies?")) is None


def test_the_reader_has_the_last_word() -> None:
    text = "more than 14,000 companies"
    span, units = span_of(text, "14,000"), counted("How many companies?")

    def quote(start: float, end: float) -> str:
        return prefer_fuller(text, span, units, (lambda _: start, lambda _: end)).of(text)

    assert quote(START_MARGIN, END_MARGIN) == text
    assert quote(START_MARGIN + 0.1, END_MARGIN) == "14,000 companies"
    assert quote(START_MARGIN, END_MARGIN + 0.1) == "more than 14,000"


@pytest.mark.parametrize(
    ("found", "change", "level"),
    [
        ("11.6 percent to 26.56 billion yuan", "11.6 percent", "26.56 billion yuan"),
        ("12.3% year-on-year to $3 million", "12.3%", "$3 million"),
        ("about 2 per cent from 1,400", "about 2 per cent", "1,400"),
    ],
)
def test_of_a_rise_and_what_it_led_to_one_is_quoted(found: str, change: str, level: str) -> None:
    text = f"It grew {found} then."
    span = span_of(text, found)
    assert one_quantity(text, span, (lambda _: 3.0, lambda _: 1.0)).of(text) == change
    assert one_quantity(text, span, (lambda _: 1.0, lambda _: 3.0)).of(text) == level


@pytest.mark.parametrize("found", ["5 percent to 10 percent", "5% to 10%", "14,000 to 15,000", "11.6 percent", "to 3"])
def test_ranges_and_lone_figures_stay(found: str) -> None:
    assert one_quantity(found, Span(0, len(found)), (lambda _: 0.0, lambda _: 0.0)).of(found) == found


@given(st.text(alphabet=list("about over 14,$m\n"), max_size=40), st.data())
def test_fuller_spans_hold_the_span_and_cut_no_word(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    units = counted(f"How many {data.draw(st.sampled_from(['over', 'bout', 'm']))}?")
    found = prefer_fuller(text, span, units, (lambda _: 0.0, lambda _: 0.0))
    assert found.start <= span.start and span.end <= found.end
    if found.start < span.start:
        assert found.start == 0 or not text[found.start - 1].isalnum()
    if found.end > span.end:
        assert found.end == len(text) or not text[found.end].isalnum()
