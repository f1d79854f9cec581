import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from corpus.errors import ModelError
from qa.model_folder import BUNDLED
from qa.windows import Tokens, WindowSettings, WordPieces, window_starts

NOTHING = Tokens((), ())


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces.load(BUNDLED / "tokenizer.json")


@given(st.integers(1, 500), st.integers(1, 80), st.data())
def test_every_span_of_overlap_plus_one_tokens_is_whole_in_a_window(
    tokens: int, room: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(0, room - 1))
    starts = window_starts(tokens, room, overlap)
    windows = [(first, min(first + room, tokens)) for first in starts]
    assert sorted({place for first, last in windows for place in range(first, last)}) == list(range(tokens))
    longest = min(overlap + 1, tokens)
    for start in range(tokens - longest + 1):
        assert any(first <= start and start + longest <= last for first, last in windows)


@given(st.integers(1, 500), st.integers(1, 80), st.data())
def test_no_window_repeats_what_the_one_before_it_held(tokens: int, room: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, room - 1))
    starts = window_starts(tokens, room, overlap)
    ends = [min(first + room, tokens) for first in starts]
    assert ends == sorted(set(ends))


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from(list("aé İß한中😀e\u0301\u00a0\u200b\r\n")), st.characters()), max_size=80
    )
)
def test_offsets_are_ordered_code_points_of_the_text(pieces: WordPieces, text: str) -> None:
    tokens = pieces.encode(text)
    before = 0
    for start, end in tokens.offsets:
        assert before <= start < end <= len(text)
        assert text[start:end].strip()
        before = start


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cafe\u0301 noir", ["cafe", "noir"]),
        ("İstanbul 😀 Ankara", ["İstanbul", "😀", "Ankara"]),
        ("a\u00a0b", ["a", "b"]),
        ("x\x00\u200by", ["x", "y"]),
        ("👨\u200d👩\u200d👧 here", ["👨\u200d👩\u200d👧", "here"]),
    ],
)
def test_offsets_of_awkward_text(pieces: WordPieces, text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in pieces.encode(text).offsets] == words


def test_markers_written_in_an_article_are_plain_text(pieces: WordPieces) -> None:
    ids = pieces.encode("[CLS] a [SEP] b [PAD]").ids
    assert not {0, 101, 102} & set(ids)


def test_a_question_with_half_a_surrogate_pair_is_read(pieces: WordPieces) -> None:
    assert len(pieces.encode("why \ud83d not?").offsets) >= 3


def test_a_window_is_laid_out_as_the_reader_was_trained(pieces: WordPieces) -> None:
    question, passage = pieces.encode("who wrote it"), pieces.encode("Ada wrote it.")
    (window,) = pieces.windows(question, passage, NOTHING, WindowSettings())
    assert window.input_ids.tolist() == [101, *question.ids, 102, *passage.ids, 102]
    assert window.token_types.tolist() == [0] * 5 + [1] * (len(passage.ids) + 1)
    assert (window.position, window.first, window.count) == (5, 0, len(passage.ids))


def test_context_stands_before_the_passage_and_is_capped(pieces: WordPieces) -> None:
    question, passage, title = (pieces.encode(text) for text in ("who", "Ada wrote it.", "one two three four"))
    (window,) = pieces.windows(question, passage, title, WindowSettings(context=3))
    assert window.position == 3 + 3
    assert tuple(window.input_ids[3:6]) == title.ids[:3]
    assert tuple(window.input_ids[window.position : window.position + window.count]) == passage.ids


def test_long_questions_keep_their_head_and_long_passages_are_cut(pieces: WordPieces) -> None:
    question, passage = pieces.encode("why " * 200), pieces.encode("word " * 1000)
    settings = WindowSettings()
    windows = pieces.windows(question, passage, NOTHING, settings)
    assert all(len(window.input_ids) <= settings.length for window in windows)
    assert all(window.position == 64 + 2 for window in windows)
    assert windows[-1].first + windows[-1].count == 1000


def test_a_passage_without_tokens_has_no_window(pieces: WordPieces) -> None:
    assert pieces.windows(pieces.encode("who"), pieces.encode(" \u200b "), NOTHING, WindowSettings()) == []


def test_windows_that_cannot_move_on_are_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        WindowSettings(length=100, overlap=96)


@pytest.mark.parametrize("content", ["", "{}", "not json", json.dumps({"model": {}})])
def test_a_broken_tokeniser_is_a_model_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="no tokeniser"):
        WordPieces.load(path)


def test_a_tokeniser_of_another_family_is_a_model_error(tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.NFC(), pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(ModelError, match="BERT"):
        WordPieces.load(tmp_path / "tokenizer.json")
