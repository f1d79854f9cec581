"""Each thing that can be damaged is named by a check, and a repair makes views whole and refuses a damaged truth."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from corpus.errors import IndexDamagedError, IndexLockedError, IndexUnavailableError
from index import build, check, hybrid_search, open_index, repair, status
from index.layout import TRUTH
from index.lock import WriterLock
from index.store import Store

QUERIES = ("tram", "salt heat", "Marrowick gallery")


@pytest.fixture
def directory(articles: Path, encoder, tmp_path: Path) -> Path:
    build([articles], tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def answers(directory: Path, encoder) -> list:
    with open_index(directory) as engine:
        return [hybrid_search(engine, encoder, query, 9) for query in QUERIES]


def change_truth(directory: Path, sql: str) -> None:
    connection = sqlite3.connect(directory / TRUTH)
    connection.executescript(sql)
    connection.close()


def test_a_sound_index_has_nothing_to_report(directory: Path, articles: Path, encoder) -> None:
    assert (check(directory).damage, check(directory).behind) == ((), ())
    (articles / "tram.txt").write_text("A bus\n\nThe bus opened.\n")
    (articles / "salt.txt").unlink()
    build([articles], directory, encoder=encoder)
    assert (check(directory).damage, check(directory).behind) == ((), ())


DAMAGED_DOCUMENT = {
    "text": ("UPDATE documents SET text = text || 'x' WHERE source LIKE '%salt.txt'", "the text"),
    "no text": ("UPDATE documents SET text = CAST(x'fffe' AS TEXT) WHERE source LIKE '%salt.txt'", "the text"),
    "title": ("UPDATE documents SET title = 'Other' WHERE source LIKE '%salt.txt'", "the row"),
    "date": ("UPDATE documents SET published = 'Monday' WHERE source LIKE '%salt.txt'", "the row"),
    "span": ('UPDATE passages SET "start" = "start" + 1 WHERE document = (SELECT key FROM salt)', "passage "),
    "context": ("UPDATE passages SET context = 'x' WHERE document = (SELECT key FROM salt)", "passage "),
    "vector": ("UPDATE vectors SET vector = zeroblob(32) WHERE key IN (SELECT key FROM salty)", "the vector of"),
    "short vector": ("UPDATE vectors SET vector = x'00' WHERE key IN (SELECT key FROM salty)", "the vector of"),
    "no vector": ("DELETE FROM vectors WHERE key IN (SELECT key FROM salty)", "the vector of"),
    "no passage": ("DELETE FROM vectors WHERE key IN (SELECT key FROM salty); DELETE FROM passages WHERE key IN "
                   "(SELECT key FROM salty)", "one of its passages (0 of 1"),
}  # fmt: skip
TEMPORARY = """CREATE TEMP TABLE salt AS SELECT key FROM documents WHERE source LIKE '%salt.txt';
CREATE TEMP TABLE salty AS SELECT key FROM passages WHERE document = (SELECT key FROM salt);"""


@pytest.mark.parametrize("damage", DAMAGED_DOCUMENT)
def test_a_damaged_document_is_named_refused_and_healed_from_its_file(
    directory: Path, articles: Path, encoder, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)
    build([articles], directory, encoder=encoder)  # from now on the files are known by their looks
    expected = answers(directory, encoder)
    sql, what = DAMAGED_DOCUMENT[damage]
    change_truth(directory, f"{TEMPORARY} {sql};")
    faults = [fault for fault in check(directory).damage if fault.part == "truth"]
    assert [fault.source for fault in faults] == [str(articles / "salt.txt")]
    assert faults[0].what.startswith(what)
    with pytest.raises(IndexDamagedError, match=r"document \w{16} \(.*salt.txt\): " + what[:8]):
        repair(directory)
    report = build([articles], directory, encoder=encoder)
    assert report.updated == (str(articles / "salt.txt"),)
    assert check(directory).damage == ()
    assert answers(directory, encoder) == expected


@pytest.mark.parametrize("damage", ["text", "title", "span"])
def test_a_damaged_document_is_never_answered_from(directory: Path, encoder, damage: str) -> None:
    change_truth(directory, f"{TEMPORARY} {DAMAGED_DOCUMENT[damage][0]};")
    with open_index(directory) as engine:
        assert "tram" in hybrid_search(engine, encoder, "tram", 1)[0].passage.text
        with pytest.raises(IndexDamagedError, match=r"of document \w{16} \(.*salt.txt\) is not what was stored"):
            hybrid_search(engine, encoder, "molten salt", 1)


def test_a_view_is_not_made_of_a_damaged_vector(directory: Path, encoder) -> None:
    change_truth(directory, f"{TEMPORARY} {DAMAGED_DOCUMENT['vector'][0]};")
    for path in directory.glob("dense*"):
        path.unlink()
    with pytest.raises(IndexDamagedError, match=r"a vector of document \w{16} \(.*salt.txt\)"):
        open_index(directory)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM documents WHERE source LIKE '%salt.txt'", "1 rows of passages belong to nothing"),
        ("DELETE FROM passages WHERE key = 1", "1 rows of vectors belong to nothing"),
        ("UPDATE meta SET value = '0' WHERE name = 'generation'", "3 passages are of a generation after 0"),
    ],
)
def test_what_dangles_is_told(directory: Path, sql: str, what: str) -> None:
    change_truth(directory, sql)
    assert any(fault.what.startswith(what) for fault in check(directory).damage)
    with pytest.raises(IndexDamagedError):
        repair(directory)


def test_damaged_pages_of_the_truth_are_told(directory: Path, articles: Path, encoder) -> None:
    for number in range(60):
        (articles / f"{number}.txt").write_text(f"Title {number}\n\n" + f"Words of article {number}. " * 40)
    build([articles], directory, encoder=encoder)
    path = directory / TRUTH
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096 * 3] = bytes(4096 * 3)
    path.write_bytes(content)
    assert any(fault.part == "truth" for fault in check(directory).damage)
    with pytest.raises(IndexDamagedError):
        repair(directory)


def test_a_damaged_index_of_sqlite_is_made_again(directory: Path, encoder) -> None:
    expected = answers(directory, encoder)
    change_truth(
        directory,
        """PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = 'CREATE INDEX passages_by_document ON passages (key)'
        WHERE name = 'passages_by_document';""",
    )
    change_truth(
        directory,
        """REINDEX passages_by_document; PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = 'CREATE INDEX passages_by_document ON passages (document)'
        WHERE name = 'passages_by_document';""",
    )
    change_truth(directory, "UPDATE meta SET value = value WHERE name = 'generation'")
    repair(directory)
    assert check(directory).damage == ()
    assert answers(directory, encoder) == expected


def spoilt(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    return bytes(content)


def swap_views(directory: Path, other: Path) -> None:
    for name in ("dense.json", "dense-1.faiss"):
        (directory / name).unlink(missing_ok=True)  # a file that may be mapped is not written over
        shutil.copy(other / name, directory / name)
    shutil.rmtree(directory / "lexical")
    shutil.copytree(other / "lexical", directory / "lexical")


VIEWS = {
    "dense file": ("dense", "dense-1.faiss", spoilt),
    "no dense file": ("dense", "dense-1.faiss", None),
    "dense stamp": ("dense", "dense.json", lambda _: b"{}"),
    "lexical file": ("lexical", "lexical/*.store", spoilt),
    "lexical meta": ("lexical", "lexical/meta.json", None),
}


@pytest.mark.parametrize("damage", VIEWS)
def test_a_damaged_view_is_named_and_repaired(directory: Path, encoder, put, damage: str) -> None:
    expected = answers(directory, encoder)
    part, name, harm = VIEWS[damage]
    path = next(directory.glob(name))
    if harm is None:
        path.unlink()
    else:
        put(path, harm(path))
    assert {fault.part for fault in check(directory).damage} == {part}
    found = repair(directory)
    assert (found.documents, found.passages) == (3, 3)
    assert check(directory).damage == ()
    assert answers(directory, encoder) == expected


def test_views_that_hold_the_wrong_passages_are_told(directory: Path, articles: Path, encoder, tmp_path: Path) -> None:
    """Whole files with a fitting stamp whose content is another's: only comparing every key finds it."""
    shutil.copytree(directory, tmp_path / "earlier")
    (articles / "more.txt").write_text("More\n\nMore words.\n")
    (articles / "tram.txt").unlink()
    build([articles], directory, encoder=encoder)
    stamp = json.loads((tmp_path / "earlier" / "dense.json").read_text())
    swap_views(directory, tmp_path / "earlier")
    level = status(directory).generation
    (directory / "dense.json").write_text(json.dumps({**stamp, "generation": level}))
    wanted = {"dense-1.faiss lacks 1 passages", "dense-1.faiss holds 1 passages that the truth has not"}
    found = {fault.what for fault in check(directory).damage if fault.part == "dense"}
    assert found & wanted
    assert check(directory).behind == ("lexical",)


def test_views_of_another_index_or_of_the_future_are_told(directory: Path, articles: Path, encoder, tmp_path) -> None:
    build([articles], tmp_path / "other", encoder=encoder)
    swap_views(directory, tmp_path / "other")
    assert {fault.what for fault in check(directory).damage} == {"it belongs to another index"}
    repair(directory)
    change_truth(
        directory, "UPDATE meta SET value = '0' WHERE name = 'generation'; UPDATE passages SET generation = 0;"
    )
    assert {fault.what for fault in check(directory).damage} == {"it is of generation 1, after the truth's 0"}


def test_views_that_are_behind_are_no_damage(directory: Path, encoded) -> None:
    store = Store(directory, writable=True)
    store.commit([encoded("/new", "zebra words")], [])
    store.close()
    report = check(directory)
    assert (report.damage, report.behind) == ((), ("dense", "lexical"))
    open_index(directory).close()
    assert check(directory).behind == ()


def test_a_check_and_a_repair_wait_for_no_one(directory: Path) -> None:
    lock = WriterLock(directory)
    lock.acquire()
    for command in (check, repair):
        with pytest.raises(IndexLockedError, match="being written by process"):
            command(directory)
    lock.release()


def test_there_must_be_an_index(tmp_path: Path) -> None:
    for command in (check, repair):
        with pytest.raises(IndexUnavailableError, match="no index at"):
            command(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
