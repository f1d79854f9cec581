"""Vectors are made on a thread of their own: early, once, and given in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event, Thread, get_ident
from time import monotonic, sleep

import numpy as np
import pytest

from corpus.settings import ChunkSettings
from corpus.types import Document
from index.batch import Batch
from index.builder import writing
from index.embedding import Embedding


class Memory:
    """An engine that knows some vectors."""

    def __init__(self, known: dict[str, np.ndarray]) -> None:
        self.known = known

    def known_vectors(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        return {text: self.known[text] for text in texts if text in self.known}


class Slow:
    """An encoder whose vectors are lengths, and which waits where it is told to."""

    fingerprint, dimension = "slow", 1

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.threads: set[int] = set()
        self.begun, self.go = Event(), Event()
        self.go.set()

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(list(texts))
        self.threads.add(get_ident())
        self.begun.set()
        assert self.go.wait(60)
        if "bad" in texts:
            raise ValueError("bad")
        return np.array([[len(text)] for text in texts], dtype=np.float32)


@pytest.fixture
def slow() -> Iterator[Slow]:
    encoder = Slow()
    yield encoder
    encoder.go.set()


def test_it_begins_before_anything_is_taken_and_encodes_nothing_twice(slow) -> None:
    embedding = Embedding(Memory({"known": np.array([7.0])}), slow, at_once=2)
    embedding.want(["a", "a"])
    assert slow.calls == []
    embedding.want(["known", "bb"])
    assert slow.begun.wait(60)
    embedding.want(["a", "ccc"])
    vectors, new = embedding.take(["ccc", "a", "known", "a"])
    assert {text: float(vector[0]) for text, vector in vectors.items()} == {"ccc": 3, "a": 1, "known": 7}
    assert new == ["ccc", "a"]
    assert embedding.take(["bb"])[1] == ["bb"]
    assert slow.calls == [["a", "bb"], ["ccc"]]
    assert get_ident() not in slow.threads
    embedding.close()


def test_what_encoding_raises_is_raised_where_it_is_taken(slow) -> None:
    embedding = Embedding(Memory({}), slow, at_once=1)
    embedding.want(["good"])
    embedding.want(["bad"])
    assert embedding.take(["good"])[1] == ["good"]
    with pytest.raises(ValueError, match="bad"):
        embedding.take(["bad"])
    embedding.close()


def test_closed_it_leaves_undone_what_was_not_begun(slow) -> None:
    slow.go.clear()
    embedding = Embedding(Memory({}), slow, at_once=1)
    embedding.want(["first", "second", "third"])
    assert slow.begun.wait(60)
    closing = Thread(target=embedding.close)
    closing.start()
    last, deadline = embedding._asked["third"], monotonic() + 60
    while not last.call.cancelled() and monotonic() < deadline:
        sleep(0.01)
    slow.go.set()
    closing.join(60)
    assert slow.calls == [["first"]]


def test_documents_are_cut_while_those_before_them_are_encoded(slow, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("index.batch.PASSAGES_A_BATCH", 4)
    monkeypatch.setattr("index.batch.AT_ONCE", 1)
    slow.go.clear()
    with writing(tmp_path / "index", slow, ChunkSettings()) as engine:
        batch = Batch(engine, slow, ChunkSettings())
        batch.add(Document.create(source="one.txt", text="Tea is grown in Assam.", title=""))
        assert slow.begun.wait(60)
        batch.add(Document.create(source="two.txt", text="Salt is mined in Hallstatt.", title=""))
        assert batch.embedded == 0
        slow.go.set()
        batch.commit()
        batch.close()
        assert sorted(engine.sources()) == ["one.txt", "two.txt"]
    assert batch.embedded == 2
