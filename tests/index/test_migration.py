"""Indexes of older formats, kept as the SQL text that they were, are brought to the present one."""

import re
import sqlite3
from pathlib import Path

import pytest

from corpus.errors import IndexLockedError, IndexUnavailableError
from corpus.settings import ChunkSettings
from index import check, hybrid_search, open_index, status
from index.batch import Batch
from index.builder import writing
from index.layout import TRUTH
from index.lock import WriterLock
from index.migration import FROM_2
from index.store import Store
from index.tables import TABLES

FROZEN = Path(__file__).parent / "frozen"
QUERIES = ("tram", "molten salt heat", "Marrowick council", "café שלום")


@pytest.fixture(params=["1", "2"])
def old(request: pytest.FixtureRequest) -> str:
    """An older format."""
    return request.param


@pytest.fixture
def directory(tmp_path: Path, old: str) -> Path:
    """An index as that format left it: three documents, after one was replaced and one removed."""
    folder = tmp_path / "index"
    folder.mkdir()
    with (FROZEN / f"format-{old}.sql").open(encoding="utf-8", newline="") as lines:
        connection = sqlite3.connect(folder / TRUTH)
        connection.executescript(lines.read())
        connection.close()
    return folder


def documents(directory: Path) -> list:
    with open_index(directory) as engine:
        return list(engine.documents())


def built_anew(directory: Path, encoder, into: Path) -> Path:
    with writing(into, encoder, ChunkSettings()) as engine:
        batch = Batch(engine, encoder, ChunkSettings())
        for document in documents(directory):
            batch.add(document)
        batch.commit()
        engine.publish()
    return into


def test_an_index_of_an_older_format_answers_as_one_built_today(directory: Path, encoder, tmp_path: Path) -> None:
    found = status(directory)
    assert (found.documents, found.passages, found.generation, found.encoder) == (3, 3, 3, "bag@1")
    anew = built_anew(directory, encoder, tmp_path / "anew")
    for query in QUERIES:
        with open_index(directory) as old, open_index(anew) as new:
            assert hybrid_search(old, encoder, query, 9) == hybrid_search(new, encoder, query, 9), query
    assert check(directory).damage == ()
    assert all(view.ok for view in status(directory).views)


def test_what_was_embedded_is_not_embedded_again(directory: Path, encoder) -> None:
    texts = documents(directory)
    with writing(directory, encoder, ChunkSettings()) as engine:
        batch = Batch(engine, encoder, ChunkSettings())
        for document in texts:
            batch.add(document)
        batch.commit()
    assert (batch.embedded, encoder.encoded) == (0, [])


def test_the_tables_are_those_of_a_new_index(directory: Path) -> None:
    Store(directory).close()
    with sqlite3.connect(directory / TRUTH) as connection:
        made = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]
        expected = sqlite3.connect(":memory:")
        expected.executescript(TABLES)
        wanted = [row[0] for row in expected.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]
    assert sorted(map(plain, made)) == sorted(map(plain, wanted))


def plain(statement: str) -> str:
    """A statement without what SQLite keeps of the way it was typed, or of a column that was added."""
    return re.sub(r"\s+", " ", re.sub(r"\s*([,()])\s*", r"\1 ", statement)).replace('"', "").replace("-- ", "").strip()


def test_keys_of_removed_passages_are_never_used_again(directory: Path, encoder, encoded) -> None:
    with sqlite3.connect(directory / TRUTH) as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 70 WHERE name = 'passages'")
    store = Store(directory, writable=True)
    assert store.removed_since(1) == [1, 3]
    store.commit([encoded("/new", "words")], [])
    assert store.vectors.last_key() == 71
    store.close()


@pytest.mark.parametrize("old", ["2"])
def test_what_was_known_of_files_stays_known(directory: Path) -> None:
    store = Store(directory)
    record = store.files()["/articles/salt.txt"]
    assert (record.look.inode, record.loaders) == (42, "0123456789abcdef")
    store.close()


def test_damage_from_before_is_still_named(directory: Path) -> None:
    with sqlite3.connect(directory / TRUTH) as connection:
        connection.execute("UPDATE documents SET text = text || 'x' WHERE source LIKE '%tram%'")
    (fault,) = check(directory).damage
    assert (fault.part, fault.source) == ("truth", "/articles/tram.txt")


def test_a_migration_cut_off_changes_nothing(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(directory)
    monkeypatch.setattr("index.migration.COPIES", ("INSERT INTO meta SELECT * FROM meta_1", "SELECT no such thing"))
    monkeypatch.setattr("index.migration.FROM_2", (FROM_2[0], "SELECT no such thing"))
    with pytest.raises(IndexUnavailableError, match="syntax error"):
        Store(directory)
    assert dump(directory) == before
    monkeypatch.undo()
    assert status(directory).documents == 3


def test_while_another_process_writes_the_reader_is_told(directory: Path) -> None:
    lock = WriterLock(directory)
    lock.acquire()
    with pytest.raises(IndexLockedError, match="being written by process"):
        Store(directory)
    lock.release()
    Store(directory).close()
    assert not (directory / "writer.json").exists()


def dump(directory: Path) -> str:
    with sqlite3.connect(directory / TRUTH) as connection:
        return "\n".join(connection.iterdump())
