"""A reader that stays open: it follows commits, published parts, and an index that is deleted and made anew."""

import shutil
from pathlib import Path

import pytest

from corpus.errors import EncoderMismatchError, IndexUnavailableError
from index import build, hybrid_search, open_index, status
from index.commits import Change
from index.dense.plan import Sizes
from index.engines.embedded import EmbeddedEngine, open_for_writing
from index.lexical_view import LexicalView
from index.lock import WriterLock
from index.schema import create_truth
from index.trust import Trust


@pytest.fixture
def directory(articles: Path, encoder, tmp_path: Path) -> Path:
    build([articles], tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def found(engine: EmbeddedEngine, encoder, query: str) -> list[str]:
    return [hit.passage.text for hit in hybrid_search(engine, encoder, query, 9)]


def test_an_index_deleted_and_made_anew_is_noticed(directory: Path, articles: Path, encoder) -> None:
    with open_index(directory, encoder) as reader:
        assert any("Marrowick" in text for text in found(reader, encoder, "tram"))
        shutil.rmtree(directory)
        for ask in (lambda: found(reader, encoder, "tram"), reader.count, lambda: list(reader.documents())):
            with pytest.raises(IndexUnavailableError, match="no index at"):
                ask()
        for path in articles.iterdir():
            path.unlink()
        (articles / "bus.txt").write_text("A bus\n\nThe bus opened in Ellery.\n")
        build([articles], directory, encoder=encoder)
        assert found(reader, encoder, "tram bus") == ["A bus\n\nThe bus opened in Ellery."]
        assert (reader.count(), len(list(reader.documents()))) == (1, 1)


def test_another_index_moved_into_the_place_is_noticed(
    directory: Path, articles: Path, encoder, tmp_path: Path
) -> None:
    (articles / "salt.txt").unlink()
    build([articles], tmp_path / "other", encoder=encoder)
    with open_index(directory) as reader:
        directory.rename(tmp_path / "old")
        (tmp_path / "other").rename(directory)
        assert not any("salt" in text for text in found(reader, encoder, "molten salt"))
        assert reader.identity.index_id != open_index(tmp_path / "old").identity.index_id


def test_an_index_made_anew_by_another_encoder_is_refused(directory: Path, articles: Path, encoder) -> None:
    with open_index(directory, encoder) as reader:
        shutil.rmtree(directory)
        build([articles], directory, encoder=type(encoder)("other"))
        for _ in range(2):
            with pytest.raises(EncoderMismatchError, match="made anew by encoder other@1, it was bag@1: open it again"):
                found(reader, encoder, "tram")


def test_a_backup_put_back_is_not_answered_from_newer_views(directory: Path, articles: Path, encoder, tmp_path) -> None:
    shutil.copytree(directory, tmp_path / "backup")
    (articles / "tram.txt").write_text("A bus\n\nThe bus opened in Ellery.\n")
    build([articles], directory, encoder=encoder)
    for leftover in directory.glob("citespan.db*"):
        leftover.unlink()
    shutil.copy(tmp_path / "backup" / "citespan.db", directory / "citespan.db")
    (articles / "tram.txt").write_text("A boat\n\nThe boat sails to Ellery, and it is the newest of all.\n")
    (articles / "more.txt").write_text("More\n\nMore words.\n")
    build([articles], directory, encoder=encoder)
    build([articles], tmp_path / "at once", encoder=encoder)
    for query in ("bus", "boat Ellery", "more words"):
        with open_index(directory) as restored, open_index(tmp_path / "at once") as whole:
            assert hybrid_search(restored, encoder, query, 9) == hybrid_search(whole, encoder, query, 9)


def test_a_reader_takes_up_published_parts(memory_path: Path, encoder, encoded, monkeypatch) -> None:
    monkeypatch.setattr("index.dense.publishing.SIZES", Sizes(whole=3, fold=3, growth=2, largest=6))
    directory = memory_path / "index"
    build([_article(memory_path, 0)], directory, encoder=encoder)
    reader = EmbeddedEngine(directory)
    lock = WriterLock(directory)
    lock.acquire()
    with open_for_writing(directory, lock) as writer:
        for number in range(1, 21):
            item = encoded(f"/{number}", f"words of article number{number}")
            writer.add([item])
            writer.delete([item.document.id] if number % 3 == 0 else [])
            living = {f"number{n}" for n in range(number + 1) if n == 0 or n % 3}
            seen = {hit.passage_id for hit in reader.search_dense(item.vectors[0], 99)}
            assert len(seen) == len(living) == reader.count()
            assert (len(reader.search_lexical(f"number{number}", 9)) == 0) == (number % 3 == 0)
        writer.publish()
    parts = list(directory.glob("dense-*.faiss"))
    assert 1 < len(parts) < 8
    assert len(reader._views.dense._recent) < 6
    with open_index(directory) as fresh:
        vector = encoder.encode(["article"])[0]
        assert fresh.search_dense(vector, 99) == reader.search_dense(vector, 99)
        assert all(view.ok for view in status(directory).views)
    reader.close()


def _article(folder: Path, number: int) -> Path:
    path = folder / f"{number}.txt"
    path.write_text(f"words of article number{number}\n")
    return path


def test_only_files_that_have_settled_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").write_bytes(b"1")
    Trust(tmp_path).renew(["one"])
    assert not Trust.read(tmp_path).covers("one")
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)
    Trust(tmp_path).renew(["one"])
    assert Trust.read(tmp_path).covers("one")
    assert not Trust.read(tmp_path).covers("two")
    (tmp_path / "new").write_bytes(b"2")
    (tmp_path / "new").replace(tmp_path / "one")
    assert not Trust.read(tmp_path).covers("one")
    for content in (b"", b"[]", b'{"one": 1}', b'{"one": [1]}', b"\xff"):
        (tmp_path / "trusted.json").write_bytes(content)
        assert not Trust.read(tmp_path).covers("one")


def test_trusted_files_are_not_read_through_and_changed_ones_are(
    directory: Path, articles: Path, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)
    build([articles], directory, encoder=encoder)
    read = []
    monkeypatch.setattr("index.dense.files.file_sha256", lambda path: read.append(path.name) or "")
    monkeypatch.setattr("index.segments._is_whole", lambda path: read.append(path.name) or True)
    assert all(view.ok for view in status(directory).views)
    assert read == []
    (directory / "dense-1.faiss").write_bytes((directory / "dense-1.faiss").read_bytes())
    assert [view.ok for view in status(directory).views] == [False, True]
    assert read == ["dense-1.faiss"]


def test_a_build_does_not_spend_its_time_on_levelling(memory_path: Path, encoder, encoded, monkeypatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("index.views.time.monotonic", lambda: clock[0])
    create_truth(memory_path, encoder=encoder.fingerprint, dimension=encoder.dimension, chunker="c")
    lock = WriterLock(memory_path)
    lock.acquire()
    level = LexicalView.follow

    def slow(self: LexicalView, generation: int) -> object:
        clock[0] += 5.0
        return level(self, generation)

    with open_for_writing(memory_path, lock) as engine:

        def levelled(at: float, source: str) -> bool:
            clock[0] = at
            engine.change(Change([encoded(source, "tram")]), soon=True)
            with monkeypatch.context() as still:
                still.setattr(EmbeddedEngine, "_follow", lambda _: None)
                return len(engine.search_lexical("tram", 9)) == engine.count()

        assert levelled(2.0, "/a")
        monkeypatch.setattr(LexicalView, "follow", slow)
        assert levelled(4.0, "/b")  # done at 9, and took 5
        assert not levelled(50.0, "/c")
        assert levelled(55.0, "/d")
        monkeypatch.setattr("index.views.LEVEL_ROWS", 2)  # what waits is held in memory, so it must not become much
        assert not levelled(61.0, "/e")
        assert levelled(62.0, "/f")
