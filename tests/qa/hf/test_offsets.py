"""Offsets and windows: every family's pieces, back in the text they were cut from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Document, Passage, Span
from qa.hf_reader import HfReader
from qa.hf_tokens import trimmed

pytestmark = pytest.mark.filterwarnings("ignore")  # of torch and transformers themselves

TEXT = "The harbour opened in 1904. It has 31 berths, and Ana Ruiz has run it since 2017."


def passage(text: str, context: str = "") -> Passage:
    return Passage.of(Document.create(source="a.txt", text=text, title="A"), Span(0, len(text)), context)


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=60))  # a document holds no lone surrogates, a question from a shell may
def test_spans_of_any_text_are_its_words(reader: HfReader, family: str, text: str) -> None:
    for candidate in reader.read("Who \ud800 is it?", [passage(text)])[0].candidates:
        words = candidate.span.of(text)
        assert words == words.strip()
        assert any(map(str.isalnum, words))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80))
def test_offsets_are_in_order_trimmed_and_leave_no_word_out(reader: HfReader, family: str, text: str) -> None:
    offsets = reader._windowed.pieces.encode(text).offsets
    assert [start for start, _ in offsets] == sorted(start for start, _ in offsets)
    covered = set()
    for start, end in offsets:
        assert 0 <= start <= end <= len(text)
        assert text[start:end] == text[start:end].strip()
        covered |= set(range(start, end))
    if family in {"roberta", "deberta"}:
        assert covered >= {place for place, char in enumerate(text) if not char.isspace()}


def test_trimming_by_hand() -> None:
    assert trimmed("a  bc \n", 1, 7) == (3, 5)
    assert trimmed("a \n b", 1, 4) == (4, 4)
    assert trimmed("word", 0, 4) == (0, 4)


def test_windows_fit_the_positions_that_a_family_has(readers: dict[str, HfReader]) -> None:
    assert readers["bert"]._windowed.settings.length == 384
    assert readers["roberta"]._windowed.settings.length == 128  # 130 positions, two of them before the first
    assert readers["roberta"].read("Who? " * 200, [passage(TEXT * 20, "Title " * 50)])[0].candidates


def test_an_answer_deep_in_a_long_passage_lies_in_some_window(readers: dict[str, HfReader]) -> None:
    text = TEXT * 40
    windowed = readers["roberta"]._windowed
    tokens = windowed.pieces.encode(text)
    windows = windowed.pieces.windows(windowed.pieces.encode("Who?"), tokens, tokens.head(0), windowed.settings)
    assert len(windows) > 5
    assert all(len(window.input_ids) <= 128 for window in windows)
    assert {place for window in windows for place in range(window.first, window.first + window.count)} == set(
        range(len(tokens.ids))
    )
