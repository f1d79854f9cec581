"""What a build does again: it opens what looks changed, parses what has other bytes, embeds what has other words."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from corpus.errors import StorageError
from corpus.loaders.apart import Reader
from corpus.loaders.files import read_bytes
from index import build, check, open_index, status
from index.builder import BuildSettings
from index.engines.embedded import mend
from index.looks import SETTLED_NS, Look, looks_as
from index.store import Store
from index.work import SPELLED_ALIKE


class Watched:
    """Which files were opened and which were parsed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[str] = []
        self.parsed: list[str] = []
        monkeypatch.setattr("index.work.read_bytes", self._noting(self.opened, read_bytes))
        read = Reader.read
        monkeypatch.setattr(Reader, "read", lambda reader, path: self._noting(self.parsed, partial(read, reader))(path))

    def clear(self) -> None:
        self.opened.clear()
        self.parsed.clear()

    def _noting(self, notes: list[str], real: Callable) -> Callable:
        def call(path: Path, *limits: int) -> object:
            notes.append(path.name)
            return real(path, *limits)

        return call


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as settled at once, as they are when a build comes seconds after they were written."""
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)


@pytest.fixture
def directory(articles: Path, encoder, tmp_path: Path, settled: None) -> Path:
    build([articles], tmp_path / "index", encoder=encoder)
    encoder.encoded.clear()
    return tmp_path / "index"


@pytest.fixture
def watched(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def names(sources: tuple[str, ...]) -> list[str]:
    return [Path(source).name for source in sources]


def test_files_that_look_as_they_did_are_not_opened(articles: Path, directory: Path, encoder, watched) -> None:
    report = build([articles], directory, encoder=encoder)
    assert (watched.opened, watched.parsed, encoder.encoded) == ([], [], [])
    assert (len(report.unchanged), report.generation) == (3, 1)


def test_a_touched_file_is_opened_once_and_not_parsed(articles: Path, directory: Path, encoder, watched) -> None:
    os.utime(articles / "tram.txt", (1, 1))
    report = build([articles], directory, encoder=encoder)
    assert (watched.opened, watched.parsed, len(report.unchanged)) == (["tram.txt"], [], 3)
    watched.clear()
    build([articles], directory, encoder=encoder)
    assert watched.opened == []


def test_other_words_of_equal_length_under_an_old_date_are_seen(articles: Path, directory: Path, encoder) -> None:
    path = articles / "tram.txt"
    before = path.stat()
    path.write_text(path.read_text().replace("48 million", "84 million"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = build([articles], directory, encoder=encoder)
    assert names(report.updated) == ["tram.txt"]
    with open_index(directory) as engine:
        assert engine.search_lexical("84", 3) != []


def test_a_file_put_in_the_place_of_another_is_seen(articles: Path, directory: Path, encoder, watched) -> None:
    (articles / "new.tmp").write_text((articles / "tram.txt").read_text())
    (articles / "new.tmp").replace(articles / "tram.txt")
    build([articles], directory, encoder=encoder)
    assert (watched.opened, watched.parsed) == (["tram.txt"], [])


def test_a_file_only_just_written_is_not_known_by_its_look(
    articles: Path, encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second write in the same tick of the file system's clock would give the same look."""
    build([articles], tmp_path / "index", encoder=encoder)
    watched = Watched(monkeypatch)
    build([articles], tmp_path / "index", encoder=encoder)
    assert (len(watched.opened), watched.parsed) == (3, [])
    look = Look.at(articles / "tram.txt")
    written = max(look.modified, look.changed)
    assert not look.settled(written + SETTLED_NS)
    assert look.settled(written + SETTLED_NS + 1)


def test_another_version_of_the_loaders_reads_everything_again(
    articles: Path, directory: Path, encoder, watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.loaders.apart.loaders_fingerprint", lambda: "other")
    report = build([articles], directory, encoder=encoder)
    assert (len(watched.parsed), len(report.unchanged), encoder.encoded) == (3, 3, [])
    watched.clear()
    build([articles], directory, encoder=encoder)
    assert (watched.opened, watched.parsed) == ([], [])


def test_a_named_file_is_opened_whatever_it_looks_like(articles: Path, directory: Path, encoder, watched) -> None:
    build([articles / "tram.txt"], directory, encoder=encoder)
    assert watched.opened == ["tram.txt"]


def test_a_moved_folder_keeps_its_vectors(articles: Path, directory: Path, encoder) -> None:
    articles.rename(articles.with_name("elsewhere"))
    report = build(
        [articles.with_name("elsewhere")], directory, encoder=encoder, settings=BuildSettings(everywhere=True)
    )
    assert (len(report.added), len(report.removed), encoder.encoded) == (3, 3, [])


def test_a_file_that_cannot_be_read_any_more_is_tried_again(articles: Path, directory: Path, encoder, watched) -> None:
    content = (articles / "tram.txt").read_bytes()
    (articles / "tram.txt").write_bytes(b"\x00" * 50)
    for _ in range(2):
        assert names(tuple(r.source for r in build([articles], directory, encoder=encoder).refused)) == ["tram.txt"]
    assert watched.parsed == ["tram.txt", "tram.txt"]
    (articles / "tram.txt").write_bytes(content)
    assert len(build([articles], directory, encoder=encoder).unchanged) == 3


def long_article(folder: Path) -> Path:
    path = folder / "long.txt"
    path.write_text("A long one\n\n" + " ".join(f"Sentence {n} tells of thing number {n * 7}." for n in range(1500)))
    return path


def test_a_long_article_is_embedded_by_pieces_that_outlive_a_failure(
    articles: Path, directory: Path, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.batch.PASSAGES_A_BATCH", 16)
    long_article(articles)
    real, calls = encoder.encode, []

    def fail_at_the_third(texts):
        calls.append(len(texts))
        if len(calls) == 3:
            raise StorageError("the disk refused")
        return real(texts)

    monkeypatch.setattr(encoder, "encode", fail_at_the_third)
    with pytest.raises(StorageError):
        build([articles], directory, encoder=encoder)
    assert (status(directory).documents, check(directory).damage) == (3, ())  # nothing of it shows
    assert mend(directory)  # a reader that puts the views in order leaves what waits alone
    monkeypatch.setattr(encoder, "encode", real)
    encoder.encoded.clear()
    report = build([articles], directory, encoder=encoder)
    passages = status(directory).passages - 3
    assert report.passages_embedded == len(encoder.encoded) == passages - 32
    store = Store(directory)
    assert store.rows.one("SELECT count(*) FROM waiting") == 0
    store.close()


def test_removals_are_forgotten_once_every_view_has_seen_them(articles: Path, directory: Path, encoder) -> None:
    for number in range(5):
        (articles / "tram.txt").write_text(f"The tram\n\nIt opened {number} times.\n")
        build([articles], directory, encoder=encoder)
    store = Store(directory)
    assert store.removed_since(0) == []
    assert store.removals_from() == store.generation()
    store.close()


def test_what_is_gone_is_told_before_it_is_removed(articles: Path, directory: Path, encoder) -> None:
    (articles / "salt.txt").unlink()
    told = []

    def announce(gone) -> None:
        told.append((list(gone), status(directory).documents))

    report = build([articles], directory, encoder=encoder, announce=announce)
    assert told == [([str(articles / "salt.txt")], 3)]
    assert (report.removed, status(directory).documents) == ((str(articles / "salt.txt"),), 2)


def test_only_pruning_everywhere_removes_what_lay_elsewhere(articles: Path, directory: Path, encoder, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("a.txt", "b.txt", "back\\slash.txt"):
        (other / name).write_text(f"Title {name}\n\nWords of {name}.\n")
    build([other], directory, encoder=encoder)
    for path in (other / "a.txt", other / "back\\slash.txt"):
        path.unlink()
    assert build([articles], directory, encoder=encoder).removed == ()
    everywhere = BuildSettings(everywhere=True)
    report = build([articles / "tram.txt"], directory, encoder=encoder, settings=everywhere)
    assert names(report.removed) == ["a.txt"]  # a name with a backslash may be one that was written down escaped
    assert names(build([other], directory, encoder=encoder).removed) == ["back\\slash.txt"]


def test_what_never_was_a_file_is_not_pruned(articles: Path, directory: Path, encoder, encoded) -> None:
    store = Store(directory, writable=True)
    store.commit([encoded("https://news.example/one", "words"), encoded("/no/such/file.txt", "words")], [])
    store.close()
    report = build([articles], directory, encoder=encoder, settings=BuildSettings(everywhere=True))
    assert (report.removed, status(directory).documents) == ((), 5)


def test_a_file_is_alike_only_if_size_times_and_inode_are(articles: Path) -> None:
    path = articles / "tram.txt"
    look = Look.at(path)
    assert looks_as(str(path), tuple(look))
    for place in range(4):
        other = [number + (at == place) for at, number in enumerate(look)]
        assert not looks_as(str(path), tuple(other))
    assert not looks_as(str(articles / "gone.txt"), tuple(look))
    assert not looks_as("no\0name", tuple(look))


def test_of_two_names_that_are_written_alike_one_is_refused(articles: Path, tmp_path: Path, encoder) -> None:
    """A byte that is no UTF-8 is written out, and a file may be called so: neither is lost without a word."""
    raw = Path(os.fsdecode(os.fsencode(articles) + b"/a\xff.txt"))
    try:
        raw.write_text("One mill\n\nThe mill by the sea turns.\n")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    (articles / "a\\xff.txt").write_text("Another mill\n\nThe mill on the hill stands still.\n")
    for _ in range(2):
        report = build([articles], tmp_path / "index", encoder=encoder)
        assert [refusal.reason for refusal in report.refused] == [SPELLED_ALIKE]
    assert check(tmp_path / "index").damage == ()
    (articles / "a\\xff.txt").unlink()
    report = build([articles], tmp_path / "index", encoder=encoder)
    assert (len(report.updated), report.refused) == (1, ())
