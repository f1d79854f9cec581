from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from qa.highlight import Mark, Segment, highlight, segments, to_html, to_terminal
from qa.types import Citation

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1])), max_size=5
)


@given(st.text(max_size=50), SPANS, SPANS)
def test_segments_are_the_text_and_mark_what_they_should(text: str, spans: list[Span], passages: list[Span]) -> None:
    parts = segments(text, spans=spans, passages=passages)
    assert "".join(part.text for part in parts) == text
    assert all(part.text for part in parts)
    marks = [part.mark for part in parts for _ in part.text]
    for place, mark in enumerate(marks):
        in_span = any(span.start <= place < span.end for span in spans)
        in_passage = any(span.start <= place < span.end for span in passages)
        assert mark is (Mark.SPAN if in_span else Mark.PASSAGE if in_passage else Mark.PLAIN)


def test_neighbours_of_one_mark_are_one_segment() -> None:
    assert segments("abcd", spans=[Span(0, 2), Span(1, 3), Span(3, 4)]) == [Segment("abcd", Mark.SPAN)]


def test_a_citation_shows_its_quote_in_its_passage() -> None:
    citation = Citation(
        document_id="d",
        title="T",
        source="a.txt",
        published=date(2022, 1, 5),
        document_sha256="0" * 64,
        span=Span(104, 107),
        quote="Ada",
        passage=Span(100, 118),
        passage_text="And Ada wrote it. ",
        score=0.9,
    )
    assert highlight(citation) == [
        Segment("And ", Mark.PLAIN),
        Segment("Ada", Mark.SPAN),
        Segment(" wrote it. ", Mark.PLAIN),
    ]


def test_html_escapes_whatever_the_article_holds() -> None:
    text = "<script>\"&'</script> Ada"
    drawn = to_html(segments(text, spans=[Span(0, 8)], passages=[Span(0, len(text) - 4)]))
    assert drawn == ('<mark>&lt;script&gt;</mark><span class="passage">&quot;&amp;&#x27;&lt;/script&gt;</span> Ada')


def test_terminal_marks_with_and_without_colour() -> None:
    parts = segments("by Ada.", spans=[Span(3, 6)])
    assert to_terminal(parts, colour=False) == "by ⟦Ada⟧."
    assert to_terminal(parts, colour=True) == "by \x1b[1;7mAda\x1b[0m."


def test_an_article_cannot_steer_the_terminal() -> None:
    drawn = to_terminal(segments("a\x1b[2Jb\r\nc\u202ed\u00a0e", spans=[]), colour=False)
    assert drawn == "a\ufffd[2Jb\nc\ufffdd\u00a0e"
