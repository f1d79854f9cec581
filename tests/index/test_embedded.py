"""What the embedded engine does beyond what any engine must (tests/index/conformance)."""

from pathlib import Path

import pytest

from corpus.errors import UsageError
from index.engines.embedded import EmbeddedEngine, open_for_writing
from index.lock import WriterLock
from index.schema import create_truth
from index.types import SearchHit


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
