"""Views that are missing, damaged, stale or another index's: never an error, never a wrong answer."""

import os
import shutil
from pathlib import Path

import pytest

from corpus.errors import IndexLockedError, StorageError
from index import build, hybrid_search, open_index, repair, status
from index.dense.plan import Sizes
from index.engines.embedded import EmbeddedEngine
from index.lock import WriterLock


@pytest.fixture
def directory(articles: Path, encoder, tmp_path: Path) -> Path:
    build([articles], tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def answers(directory: Path, encoder) -> list:
    with open_index(directory) as engine:
        return [hybrid_search(engine, encoder, query, 9) for query in ("tram", "salt heat", "Marrowick gallery")]


def files_of_views(directory: Path) -> list[Path]:
    lexical = [path for path in (directory / "lexical").iterdir() if not path.name.endswith(".lock")]
    return [*directory.glob("dense*"), *lexical]


def healthy(directory: Path) -> bool:
    return all(view.ok for view in status(directory).views)


def test_a_fresh_index_is_healthy(directory: Path) -> None:
    found = status(directory)
    assert healthy(directory)
    assert (found.documents, found.passages, found.encoder, found.dimension) == (3, 3, "bag@1", 16)
    assert [(view.name, view.generation, view.count) for view in found.views] == [("dense", 1, 3), ("lexical", 1, 3)]
    assert found.truth_bytes > 0 and all(view.bytes > 0 for view in found.views)


@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage"])
def test_each_damaged_file_is_mended_on_opening(directory: Path, encoder, put, damage: str) -> None:
    expected = answers(directory, encoder)
    for name in sorted(path.relative_to(directory) for path in files_of_views(directory)):
        path = directory / name
        if not path.exists():
            continue  # an earlier round has renewed the view
        content = path.read_bytes()
        if damage == "missing":
            path.unlink()
        else:
            put(path, {"empty": b"", "truncated": content[:-9], "garbage": os.urandom(len(content))}[damage])
        assert answers(directory, encoder) == expected, name
        if name.name != ".managed.json":  # tantivy makes that one again by itself
            assert healthy(directory), name


def test_no_file_of_a_view_is_ever_changed_in_its_place(
    directory: Path, articles: Path, encoder, put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running reader has them mapped, and one that is cut short under its mapping kills it with SIGBUS."""
    monkeypatch.setattr("index.dense.publishing.SIZES", Sizes(whole=2, fold=2, growth=2, largest=4))
    seen: dict[int, tuple[Path, bytes]] = {}

    def keep() -> None:
        """Hold on to each file by another name, with what is in it now."""
        for path in files_of_views(directory):
            number = path.stat().st_ino
            if number not in seen:
                seen[number] = tmp_path / f"kept-{number}", path.read_bytes()
                seen[number][0].hardlink_to(path)

    keep()
    for number in range(6):
        (articles / f"{number}.txt").write_text(f"Ferry {number}\n\nThe ferry carries {number * 7} cars to Ness.\n")
        (articles / f"{number - 2}.txt").unlink(missing_ok=True)
        build([articles], directory, encoder=encoder)
        keep()
    for damaged in (next(directory.glob("dense-*")), next((directory / "lexical").glob("*.store"))):
        put(damaged, b"damaged")
        keep()
        answers(directory, encoder)
        keep()
    repair(directory)
    keep()
    assert len(seen) > 40
    assert [path.name for path, content in seen.values() if path.read_bytes() != content] == []


def test_all_views_gone(directory: Path, encoder) -> None:
    expected = answers(directory, encoder)
    shutil.rmtree(directory / "lexical")
    for path in directory.glob("dense*"):
        path.unlink()
    assert not healthy(directory)
    assert answers(directory, encoder) == expected
    assert healthy(directory)


def test_views_of_an_earlier_state_are_caught_up(directory: Path, articles: Path, encoder, put, tmp_path: Path) -> None:
    shutil.copytree(directory, tmp_path / "earlier")
    (articles / "tram.txt").write_text("A bus\n\nThe bus opened in Marrowick.\n")
    build([articles], directory, encoder=encoder)
    expected = answers(directory, encoder)
    for view in ("lexical", "dense.json", "dense-1.faiss"):
        target = directory / view
        if (tmp_path / "earlier" / view).is_dir():
            shutil.rmtree(target)
            shutil.copytree(tmp_path / "earlier" / view, target)
        else:
            put(target, (tmp_path / "earlier" / view).read_bytes())
    assert not healthy(directory)
    assert answers(directory, encoder) == expected
    assert healthy(directory)


def test_views_of_another_index_are_not_believed(directory: Path, encoder, put, tmp_path: Path) -> None:
    expected = answers(directory, encoder)
    foreign = tmp_path / "foreign articles"
    foreign.mkdir()
    (foreign / "a.txt").write_text("Other words\n\nA tram of another town.\n")
    build([foreign], tmp_path / "foreign", encoder=encoder)
    shutil.rmtree(directory / "lexical")
    shutil.copytree(tmp_path / "foreign" / "lexical", directory / "lexical")
    for name in ("dense.json", "dense-1.faiss"):
        put(directory / name, (tmp_path / "foreign" / name).read_bytes())
    assert answers(directory, encoder) == expected
    assert healthy(directory)


def test_without_leave_to_write_views_are_kept_in_memory(
    directory: Path, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answers(directory, encoder)
    shutil.rmtree(directory / "lexical")
    (directory / "dense-1.faiss").unlink()

    def refuse(self: WriterLock) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(WriterLock, "acquire", refuse)
    assert answers(directory, encoder) == expected
    assert not (directory / "lexical").exists()


def test_an_open_reader_mends_what_a_killed_writer_left(directory: Path, articles: Path, encoder, encoded) -> None:
    reader = EmbeddedEngine(directory)
    lock = WriterLock(directory)
    lock.acquire()
    writer = EmbeddedEngine(directory, lock)
    writer._store.commit([encoded("/new", "zebra words")], [])  # and no view is told
    assert reader.search_lexical("zebra", 3) == []  # the writer still lives, and will
    lock.release()
    assert len(reader.search_lexical("zebra", 3)) == 1
    reader.close()


def test_a_file_that_a_killed_writer_left_is_out_of_the_way(directory: Path, articles: Path, encoder) -> None:
    """Tantivy writes the marks of deleted entries under a name that a killed commit may have taken already."""
    shutil.copytree(directory / "lexical", directory.parent / "before")
    (articles / "tram.txt").write_text("A bus\n\nThe bus opened.\n")
    build([articles], directory, encoder=encoder)
    expected = answers(directory, encoder)
    shutil.rmtree(directory / "lexical")
    shutil.copytree(directory.parent / "before", directory / "lexical")
    segments = {path.name.split(".")[0] for path in (directory / "lexical").glob("*.term")}
    for segment in segments:
        for opstamp in range(40):
            (directory / "lexical" / f"{segment}.{opstamp}.del").touch()
    assert answers(directory, encoder) == expected
    assert healthy(directory)


def test_the_second_writer_is_told_who_holds_the_lock(directory: Path, articles: Path, encoder) -> None:
    lock = WriterLock(directory)
    lock.acquire()
    with pytest.raises(IndexLockedError, match=rf"being written by process {os.getpid()} on .* since 20"):
        build([articles], directory, encoder=encoder)
    assert len(answers(directory, encoder)) == 3  # reading goes on
    lock.release()
    lock.release()
    assert build([articles], directory, encoder=encoder).passages_embedded == 0
    assert not (directory / "writer.json").exists()


def test_a_note_left_by_a_killed_writer_does_no_harm(directory: Path, articles: Path, encoder) -> None:
    (directory / "writer.json").write_text("{garbage")
    assert build([articles], directory, encoder=encoder).passages_embedded == 0
    lock = WriterLock(directory)
    lock.acquire()
    (directory / "writer.json").write_text("{garbage")
    with pytest.raises(IndexLockedError, match="another process"):
        build([articles], directory, encoder=encoder)
    lock.release()


def test_a_disk_that_refuses_the_lexical_view_and_a_new_one_is_told_in_one_line(
    articles: Path, directory: Path, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (articles / "new.txt").write_text("A new article\n\nThe ferry to Ness was repaired.\n", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise ValueError("IO error: Input/output error (os error 5)")

    with monkeypatch.context() as failing:
        failing.setattr("index.lexical.LexicalIndex.apply", refuse)
        failing.setattr("index.lexical.tantivy.Index", refuse)
        with pytest.raises(StorageError, match=r"lexical view .* cannot be written \(IO error"):
            build([articles], directory, encoder=encoder)
    build([articles], directory, encoder=encoder)
    with open_index(directory) as engine:
        assert hybrid_search(engine, encoder, "ferry Ness", 9)[0].passage.text.startswith("A new article")
    assert healthy(directory)
