"""What any engine must do, checked on the embedded one against a plain-Python model."""

import random
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import UsageError
from index.engines.embedded import EmbeddedEngine, open_for_writing
from index.lock import WriterLock
from index.schema import create_truth
from index.types import EncodedDocument, SearchHit


def make_engine(directory: Path) -> EmbeddedEngine:
    directory.mkdir(exist_ok=True)
    create_truth(directory, encoder="bag@1", dimension=16, chunker="c1")
    lock = WriterLock(directory)
    lock.acquire()
    return open_for_writing(directory, lock)


@pytest.fixture
def engine(tmp_path: Path):
    engine = make_engine(tmp_path / "index")
    yield engine
    engine.close()


def ids(hits: list[SearchHit]) -> list[str]:
    return [hit.passage_id for hit in hits]


def test_what_is_added_is_found_at_once(engine: EmbeddedEngine, encoder, encoded) -> None:
    item = encoded("/a", "the tram opened\nmolten salt stores heat", "Trams")
    engine.add([item])
    assert ids(engine.search_dense(item.vectors[1], 5)) == [item.passages[1].id, item.passages[0].id]
    assert engine.search_dense(item.vectors[0], 1)[0].score == pytest.approx(1.0, abs=1e-3)
    assert ids(engine.search_lexical("salty heating", 5)) == [item.passages[1].id]
    assert engine.passages([item.passages[1].id]) == [item.passages[1]]
    assert engine.document(item.document.id) == item.document
    assert list(engine.documents()) == [item.document]
    assert engine.count() == 2


def test_what_is_replaced_or_deleted_is_gone_at_once(engine: EmbeddedEngine, encoded) -> None:
    first = encoded("/a", "the tram opened")
    engine.add([first])
    engine.add([encoded("/a", "the bus opened")])
    assert engine.search_lexical("tram", 5) == []
    assert first.passages[0].id not in ids(engine.search_dense(first.vectors[0], 5)) or engine.count() == 1
    engine.delete([first.document.id, "unknown"])
    assert (engine.count(), engine.search_lexical("bus", 5), engine.search_dense(first.vectors[0], 5)) == (0, [], [])
    with pytest.raises(KeyError):
        engine.document(first.document.id)


def test_an_empty_engine(engine: EmbeddedEngine) -> None:
    assert engine.search_dense(np.ones(16, np.float32), 3) == []
    assert engine.search_lexical("tram", 3) == []
    assert (engine.count(), list(engine.documents()), engine.passages([])) == (0, [], [])
    engine.delete(["no"])
    assert engine.generation() == 0


def test_unicode(engine: EmbeddedEngine, encoded) -> None:
    item = encoded("/ü", "北京 高新区\ncafe\u0301 🧂 Ünïcode\nשלום עולם", "İ")
    engine.add([item])
    assert engine.passages([p.id for p in item.passages]) == list(item.passages)
    assert ids(engine.search_lexical("café", 3)) == [item.passages[1].id]
    assert ids(engine.search_lexical("北京", 3)) == [item.passages[0].id]
    assert ids(engine.search_lexical("עולם", 3)) == [item.passages[2].id]


def test_ties_are_ordered_by_passage_id_even_at_the_cut(engine: EmbeddedEngine, encoded) -> None:
    items = [encoded(f"/{number}", "same words here") for number in range(60)]
    random.Random(0).shuffle(items)
    for start in range(0, 60, 20):
        engine.add(items[start : start + 20])
    expected = sorted(item.passages[0].id for item in items)
    assert ids(engine.search_dense(items[0].vectors[0], 7)) == expected[:7]
    assert ids(engine.search_lexical("same words", 7)) == expected[:7]
    assert engine.search_lexical("same", 0) == []


def test_a_batch_with_a_fault_changes_nothing(engine: EmbeddedEngine, encoded) -> None:
    engine.add([encoded("/a", "kept words")])
    bad = encoded("/b", "lost words\nmore")
    with pytest.raises(ValueError, match="zip"):
        engine.add([encoded("/c", "other words"), EncodedDocument(bad.document, bad.passages, bad.vectors[:1])])
    assert engine.count() == 1
    assert len(engine.search_lexical("words", 9)) == 1


def test_a_reader_may_not_write(engine: EmbeddedEngine, encoded, tmp_path: Path) -> None:
    reader = EmbeddedEngine(tmp_path / "index")
    with pytest.raises(UsageError, match="reading only"):
        reader.add([encoded("/a", "x")])


def test_readers_move_on_with_the_writer(engine: EmbeddedEngine, encoded, tmp_path: Path) -> None:
    reader = EmbeddedEngine(tmp_path / "index")
    for generation in range(1, 6):
        item = encoded("/a", f"state number{generation}", "T")
        engine.add([item, encoded(f"/b{generation}", "filler words")])
        assert ids(reader.search_lexical(f"number{generation}", 5)) == [item.passages[0].id]
        assert reader.search_lexical(f"number{generation - 1}", 5) == []
        assert reader.search_dense(item.vectors[0], 1)[0].score == pytest.approx(1.0, abs=1e-3)
        assert len(reader.search_dense(item.vectors[0], 99)) == reader.count() == generation + 1
    engine.delete([item.document.id])
    assert item.passages[0].id not in ids(reader.search_dense(item.vectors[0], 99))
    assert reader.search_lexical("state", 5) == []


class Model:
    """The same as an engine, in a few lines of Python."""

    def __init__(self) -> None:
        self.items: dict[str, EncodedDocument] = {}

    def dense(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        rows = [
            (passage.id, float(row.astype(np.float16).astype(np.float32) @ vector))
            for item in self.items.values()
            for passage, row in zip(item.passages, item.vectors, strict=True)
        ]
        return sorted(rows, key=lambda row: (-row[1], row[0]))[:limit]

    def lexical(self, word: str) -> set[str]:
        return {p.id for item in self.items.values() for p in item.passages if word in p.text.split()}


WORDS = [f"{a}{b}" for a in "bdfgk" for b in ("ova", "ilu", "ezo", "amu")]


@pytest.mark.parametrize("seed", [0, 1])
def test_random_operations_agree_with_the_model(memory_path: Path, encoded, encoder, seed: int) -> None:
    tmp_path = memory_path
    chance, model = random.Random(seed), Model()
    engine = make_engine(tmp_path / "index")
    reader = EmbeddedEngine(tmp_path / "index")
    for step in range(60):
        if chance.random() < 0.7:
            texts = {
                f"/{chance.randrange(25)}": "\n".join(
                    " ".join(chance.choices(WORDS, k=chance.randint(1, 6))) for _ in range(chance.randint(0, 4))
                )
                for _ in range(chance.randint(1, 3))
            }
            items = [encoded(source, text) for source, text in texts.items()]
            engine.add(items)
            model.items |= {item.document.id: item for item in items}
        else:
            gone = chance.sample(sorted(model.items), min(len(model.items), 2))
            engine.delete(gone)
            for document_id in gone:
                del model.items[document_id]
        if step % 30 == 20:
            engine.publish()
        if step % 40 == 30:
            engine.close()
            lock = WriterLock(tmp_path / "index")
            lock.acquire()
            engine = open_for_writing(tmp_path / "index", lock)
        word = chance.choice(WORDS)
        vector = encoder.encode([word])[0]
        for asked in (engine, reader):
            assert {hit.passage_id for hit in asked.search_lexical(word, 999)} == model.lexical(word), step
            found = [(hit.passage_id, hit.score) for hit in asked.search_dense(vector, 5)]
            expected = model.dense(vector, 5)
            assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5), step
            assert asked.count() == sum(len(item.passages) for item in model.items.values())
    assert [d.id for d in engine.documents()] == [
        item.document.id for item in sorted(model.items.values(), key=lambda item: item.document.source)
    ]
    engine.close()
