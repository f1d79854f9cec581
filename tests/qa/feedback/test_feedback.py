"""Verdicts survive the index, and become a set that the evaluation reads."""

from __future__ import annotations

import json
import sqlite3
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import StorageError
from corpus.types import Document, Span
from eval.formats.citespan import read_citespan
from qa.feedback.export import feedback_set
from qa.feedback.selecting import selected_span
from qa.feedback.store import FeedbackStore
from qa.feedback.types import Correct, Judgement, Verdict

RIGHT = Judgement("How many berths?", Verdict.RIGHT, "31 berths", "/a/harbour.txt", 0.82)
SILENT = Judgement("Who painted it?", Verdict.RIGHT, None, None, 0.1)
FALSE = Judgement("When did it close?", Verdict.SHOULD_ABSTAIN, "1904", "/a/harbour.txt", 0.5)
LOST = Judgement("Who runs it?", Verdict.WRONG, "1904", "/a/harbour.txt", 0.5)
MENDED = Judgement(
    "How many are new?",
    Verdict.WRONG,
    "31 berths",
    "/a/harbour.txt",
    0.6,
    Correct("d1", "/a/other.txt", "ab", Span(44, 45), "9"),
)


@pytest.fixture
def store(tmp_path):
    return FeedbackStore.beside(tmp_path / "articles.index")


def test_what_was_said_is_kept_beside_the_index(store, tmp_path):
    assert store.judgements() == []
    assert not store.path.exists()
    for one in (RIGHT, MENDED):
        store.add(one)
    assert store.path == tmp_path / "articles.index.feedback.sqlite"
    assert FeedbackStore(store.path).judgements() == [RIGHT, MENDED]


def test_the_export_is_an_evaluation_set(store, tmp_path):
    for one in (RIGHT, SILENT, FALSE, LOST, MENDED):
        store.add(one)
    found = feedback_set(store.judgements())
    assert found.left_out == 1
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in found.rows))
    questions = read_citespan(path)
    assert [(one.text, one.answers, one.documents) for one in questions] == [
        ("How many berths?", ("31 berths",), ("/a/harbour.txt",)),
        ("Who painted it?", (), ()),
        ("When did it close?", (), ()),
        ("How many are new?", ("9",), ("/a/other.txt",)),
    ]
    assert questions[2].wrong_answers == ("1904",)


def test_the_last_word_counts():
    (row,) = feedback_set([RIGHT, Judgement(RIGHT.question, Verdict.SHOULD_ABSTAIN, "31 berths", "/a", 0.8)]).rows
    assert row["answers"] == []
    assert feedback_set([RIGHT, Judgement(RIGHT.question, Verdict.WRONG, "31 berths", "/a", 0.8)]).rows == ()


def test_many_may_speak_at_once(store):
    threads = [threading.Thread(target=store.add, args=(RIGHT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.judgements()) == 8


def test_a_file_that_is_none_is_told(store):
    store.path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="cannot be used"):
        store.add(RIGHT)


def test_a_file_of_a_later_version_is_left_alone(store):
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(StorageError, match="format 9"):
        store.add(RIGHT)


def browser_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


@settings(deadline=None)
@given(text=st.text(alphabet="ab \r\n\0é😀", min_size=1, max_size=60), data=st.data())
def test_selected_words_are_found_where_they_stand(text, data):
    shown = browser_text(text)
    start = data.draw(st.integers(0, len(shown)))
    words = shown[start : data.draw(st.integers(start, len(shown)))]
    span = selected_span(Document.create(source="/a", text=text, title="A"), start, words)
    if words.strip():
        assert browser_text(span.of(text)) == words.strip()
    else:
        assert span is None


def test_the_nearest_of_equal_words_is_meant():
    document = Document.create(source="/a", text="two and two and two", title="A")
    assert selected_span(document, 8, "two") == Span(8, 11)
    assert selected_span(document, 7, " two ") == Span(8, 11)
    assert selected_span(document, 99, "two") == Span(16, 19)
    assert selected_span(document, -5, "two") == Span(0, 3)


@pytest.mark.parametrize("given", [("0", "two"), (0, "three"), (0, ""), (None, None), (0, "x" * 2000)])
def test_what_is_not_there_is_not_found(given):
    assert selected_span(Document.create(source="/a", text="two", title="A"), *given) is None


def test_the_command_writes_the_set(citespan, tmp_path, store):
    index, out = tmp_path / "articles.index", tmp_path / "set.jsonl"
    assert citespan("feedback", "--index", index).out == ""
    for one in (RIGHT, LOST):
        store.add(one)
    assert json.loads(citespan("feedback", "--index", index).out)["answers"] == ["31 berths"]
    told = citespan("feedback", "--index", index, "--out", out)
    assert "1 question written to" in told.out
    assert "1 question left out" in told.out
    assert len(read_citespan(out)) == 1
