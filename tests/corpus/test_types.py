"""Spans, ids and hashes."""

import pytest

from corpus.types import Details, Document, Passage, Span, document_id, text_sha256


def test_span_arithmetic():
    span = Span(2, 5)
    assert len(span) == 3
    assert span.of("abcdefg") == "cde"
    assert span.shift(10) == Span(12, 15)
    assert span.overlaps(Span(4, 9))
    assert not span.overlaps(Span(5, 9))
    assert span.contains(Span(3, 5))
    assert not span.contains(Span(3, 6))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_runs_forwards_from_zero_on(start, end):
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Span(start, end)


def test_a_document_keeps_its_id_when_its_text_changes():
    first = Document.create(source="/a/b.txt", text="One.", title="T")
    second = Document.create(source="/a/b.txt", text="Two.", title="T")
    assert first.id == second.id == document_id("/a/b.txt")
    assert first.sha256 != second.sha256
    # Computed by `printf 'One.' | sha256sum`.
    assert first.sha256 == text_sha256("One.") == "70277bfc409b502132d7a48b2a3b386294264b31f7bf024a5fb0cafabb8ac122"


def test_a_passage_is_cut_out_of_its_document():
    document = Document.create(source="/a", text="One. Two.", title="T")
    passage = Passage.of(document, Span(5, 9), "T")
    assert (passage.text, passage.document_id, passage.context) == ("Two.", document.id, "T")
    assert passage.id == f"{document.id}:5-9"


def test_a_page_is_found_by_an_offset():
    paged = Document.create(source="/a.pdf", text="One.\n\nTwo.", title="T", details=Details(pages=(0, 6, 6)))
    assert [paged.page_at(offset) for offset in (0, 5, 6, 9)] == [1, 1, 3, 3]
    assert Document.create(source="/a", text="One.", title="T").page_at(0) is None
