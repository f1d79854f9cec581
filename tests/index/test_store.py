import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexDamagedError, IndexUnavailableError, StorageError
from corpus.types import Details, Document
from index.layout import TRUTH
from index.schema import create_truth
from index.store import Store
from index.types import EncodedDocument

TRICKY = "Cafe\u0301 🧂 İstanbul\u00a0one\r\nשלום two\nnul \x00 three"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    create_truth(tmp_path, encoder="bag@1", dimension=16, chunker="c1")
    return Store(tmp_path, writable=True)


def test_round_trip(store: Store, encoded, tmp_path: Path) -> None:
    item = encoded("/a.txt", TRICKY, "Title")
    document = Document.create(
        source="/b.txt",
        text="x",
        title="T",
        published=date(2022, 1, 5),
        publisher="P",
        url="http://example.org",
        details=Details("Ana Rüiz", date(2022, 2, 1), "en-gb", (0, 0, 1)),
    )
    assert store.commit([item, EncodedDocument(document, (), np.empty((0, 16), np.float32))], []) == 1
    store.close()
    again = Store(tmp_path)
    assert again.document(item.document.id) == item.document
    assert again.document(document.id) == document
    ids = [passage.id for passage in item.passages][::-1]
    assert again.passages(ids) == list(item.passages)[::-1]
    assert (again.count(), again.count_documents(), again.generation()) == (len(item.passages), 2, 1)
    ((_, vectors),) = again.vectors.after(0)
    assert np.abs(vectors - item.vectors).max() < 1e-3
    rows = list(again.rows_since(0))
    assert [row.text for row in rows] == [passage.text for passage in item.passages]
    assert again.identity.encoder == "bag@1"


def test_replacing_leaves_no_trace_but_the_keys_removed(store: Store, encoded) -> None:
    store.commit([encoded("/a", "one\ntwo"), encoded("/b", "three")], [])
    before = {row.key for row in store.rows_since(0) if row.text != "three"}
    store.commit([encoded("/a", "one\nfour")], [])
    assert [row.text for row in store.rows_since(0)] == ["one", "four", "three"]
    assert [row.text for row in store.rows_since(1)] == ["one", "four"]
    assert set(store.removed_since(1)) == before
    assert store.removed_since(2) == []


def test_vectors_are_found_by_the_text_that_was_encoded(store: Store, encoded) -> None:
    item = encoded("/a", "one\ntwo", "T")
    store.commit([item], [])
    found = store.vectors.of_inputs(["T\none", "one", "T\ntwo"])
    assert set(found) == {"T\none", "T\ntwo"}
    assert found["T\ntwo"] == pytest.approx(item.vectors[1], abs=1e-3)


def test_a_batch_is_all_or_nothing(store: Store, encoded) -> None:
    good, bad = encoded("/a", "one"), encoded("/b", "two\nthree")
    broken = EncodedDocument(bad.document, bad.passages, bad.vectors[:1])
    with pytest.raises(ValueError, match="zip"):
        store.commit([good, broken], [])
    assert (store.generation(), store.count(), store.count_documents()) == (0, 0, 0)
    store.commit([good], [])
    assert store.generation() == 1


def test_a_full_disk_keeps_what_was_committed(store: Store, encoded) -> None:
    store.commit([encoded("/a", "one")], [])
    pages = store.rows.connection.execute("PRAGMA page_count").fetchone()[0]
    store.rows.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="full"):
        store.commit([encoded("/b", "\n".join(f"line {number} " * 50 for number in range(200)))], ["/a"])
    assert (store.generation(), store.count()) == (1, 1)


def test_unknown_ids_are_key_errors(store: Store, encoded) -> None:
    item = encoded("/a", "one")
    store.commit([item], [])
    with pytest.raises(KeyError):
        store.document("no")
    with pytest.raises(KeyError):
        store.passages([item.passages[0].id, "no"])
    store.commit([], ["no such document"])


@pytest.mark.parametrize(
    "sql", ["UPDATE documents SET text = 'twp'", "UPDATE documents SET text = CAST(x'FF' AS TEXT)"]
)
def test_a_changed_text_is_refused_by_name(store: Store, encoded, tmp_path: Path, sql: str) -> None:
    item = encoded("/news/a.txt", "two")
    store.commit([item], [])
    with sqlite3.connect(tmp_path / TRUTH) as other:
        other.execute(sql)
    for read in (lambda: store.document(item.document.id), lambda: store.passages([item.passages[0].id])):
        with pytest.raises(IndexDamagedError, match=rf"{item.document.id} \(/news/a.txt\)"):
            read()


def test_a_vector_of_another_length_is_refused(store: Store, encoded) -> None:
    store.commit([encoded("/a", "two")], [])
    store.rows.connection.execute("UPDATE vectors SET vector = x'00'")
    with pytest.raises(IndexDamagedError, match="a vector"):
        list(store.vectors.after(0))


def test_a_snapshot_sees_one_state(store: Store, encoded, tmp_path: Path) -> None:
    reader = Store(tmp_path)
    with reader.snapshot():
        assert reader.generation() == 0
        store.commit([encoded("/a", "one")], [])
        assert (reader.generation(), reader.count()) == (0, 0)
    assert (reader.generation(), reader.count()) == (1, 1)


def test_no_directory_no_index_and_another_format(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="no index at"):
        Store(tmp_path / "nowhere")
    with pytest.raises(IndexUnavailableError, match="is not an index"):
        Store(tmp_path)
    create_truth(tmp_path, encoder="e", dimension=2, chunker="c")
    with sqlite3.connect(tmp_path / TRUTH) as other:
        other.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
    with pytest.raises(IndexUnavailableError, match="has format 99, this version reads 3"):
        Store(tmp_path)


def test_a_truth_cut_off_at_birth(tmp_path: Path) -> None:
    (tmp_path / TRUTH).touch()
    with pytest.raises(IndexUnavailableError, match="build again"):
        Store(tmp_path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / TRUTH).write_bytes(b"garbage " * 1000)
    with pytest.raises(IndexDamagedError, match="damaged"):
        Store(tmp_path)


def test_a_truncated_database_is_damaged(store: Store, encoded, tmp_path: Path) -> None:
    store.commit([encoded(f"/{number}", f"line {number} " * 300) for number in range(50)], [])
    store.close()
    path = tmp_path / TRUTH
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexDamagedError):
        cut = Store(tmp_path)
        for document_id in cut.document_ids():
            cut.document(document_id)


def test_passages_are_not_cut_from_a_text_that_replaces_theirs_meanwhile(
    store: Store, encoded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = encoded("/a", "the tram opened in May")
    store.commit([first], [])
    reader = Store(tmp_path)
    read = reader.document

    def replaced_before(document_id: str) -> Document:
        monkeypatch.undo()
        store.commit([encoded("/a", "of a bus there is much more to tell")], [])
        return read(document_id)

    monkeypatch.setattr(reader, "document", replaced_before)
    assert reader.passages([first.passages[0].id]) == [first.passages[0]]
    with pytest.raises(KeyError):
        reader.passages([first.passages[0].id])


def test_what_is_new_is_found_without_a_walk_over_what_is_old(store: Store, encoded) -> None:
    def steps(documents: int) -> int:
        store.commit([encoded(f"/{number}", "one\ntwo") for number in range(documents)], [])
        before = store.generation()
        store.commit([encoded("/new", "three")], [])
        counted = 0

        def count() -> None:
            nonlocal counted
            counted += 1

        store.rows.connection.set_progress_handler(count, 10)
        assert [row.text for row in store.rows_since(before)] == ["three"]
        store.rows.connection.set_progress_handler(None, 0)
        return counted

    assert steps(800) <= 2 * steps(20) + 5
