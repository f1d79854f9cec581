"""Watching: what changes is built, errors are told once and end nothing, and the index itself is no change."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus.errors import IndexLockedError
from index import build, open_index
from index.watching import _counts, watch

LONG = 120.0
"""Seconds: for a machine that does other things as well."""


class Watching:
    """A watch in a thread, what it built and what it complained of."""

    def __init__(self, paths: Sequence[Path], directory: Path, action: Callable[[Sequence[Path]], None]) -> None:
        self.complaints: list[str] = []
        self.built = 0
        self._action = action
        self._stop = Event()
        self._thread = Thread(target=watch, args=(paths, directory, self._build, self.complaints.append, self._stop))
        self._thread.start()

    def _build(self, paths: Sequence[Path]) -> None:
        self._action(paths)
        self.built += 1

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + LONG
        while not condition():
            assert time.monotonic() < end, "nothing happened"
            assert self._thread.is_alive()
            time.sleep(0.02)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(LONG)
        assert not self._thread.is_alive()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.watching.DEBOUNCE_MS", 200)
    monkeypatch.setattr("index.watching.RETRY_SECONDS", 1)


@pytest.fixture
def watching(articles: Path, tmp_path: Path, encoder) -> Iterator[Watching]:
    directory = tmp_path / "index"

    def action(paths: Sequence[Path]) -> None:
        build(paths, directory, encoder=encoder)

    made = Watching([articles], directory, action)
    try:
        made.until(lambda: made.built > 0)
        yield made
    finally:
        made.close()


def sources(tmp_path: Path) -> set[str]:
    with open_index(tmp_path / "index") as engine:
        return {Path(source).name for source in engine.sources()}


def test_new_changed_and_deleted_files_are_seen(watching: Watching, articles: Path, tmp_path: Path) -> None:
    (articles / "mill.txt").write_text("The mill\n\nThe mill was built in 1820 by Jane Orr.\n")
    watching.until(lambda: "mill.txt" in sources(tmp_path))
    (articles / "mill.txt").write_text("The mill\n\nThe mill was built in 1830 by Jane Orr.\n")

    def has_the_new_year() -> bool:
        with open_index(tmp_path / "index") as engine:
            return engine.search_lexical("1830", 3) != []

    watching.until(has_the_new_year)
    (articles / "mill.txt").unlink()
    watching.until(lambda: "mill.txt" not in sources(tmp_path))
    assert watching.complaints == []


def test_many_changes_at_once_are_few_builds(watching: Watching, articles: Path, tmp_path: Path) -> None:
    before = watching.built
    for number in range(50):
        (articles / f"n{number}.txt").write_text(f"Number {number}\n\nIt is the {number}th of them all.\n")
    watching.until(lambda: len(sources(tmp_path)) == 53)
    assert watching.built - before < 10


def test_a_folder_that_goes_is_waited_for(watching: Watching, articles: Path, tmp_path: Path) -> None:
    articles.rename(tmp_path / "away")
    watching.until(lambda: watching.complaints != [])
    assert "is gone" in watching.complaints[0]
    (tmp_path / "away" / "tram.txt").unlink()
    (tmp_path / "away").rename(articles)
    watching.until(lambda: "tram.txt" not in sources(tmp_path))
    assert len(watching.complaints) == 1


def test_an_error_is_told_once_and_tried_again(articles: Path, tmp_path: Path) -> None:
    calls: list[int] = []

    def action(_: Sequence[Path]) -> None:
        calls.append(1)
        if len(calls) < 4:
            raise IndexLockedError("another process writes")

    made = Watching([articles], tmp_path / "index", action)
    try:
        made.until(lambda: made.built == 1)
    finally:
        made.close()
    assert made.complaints == ["another process writes"]
    assert len(calls) == 4


def test_a_named_file_is_seen_when_another_is_put_in_its_place(articles: Path, tmp_path: Path) -> None:
    made = Watching([articles / "tram.txt"], tmp_path / "index", lambda _: None)
    try:
        made.until(lambda: made.built == 1)
        for built in (2, 3):
            (articles / "new.tmp").write_text(f"The tram\n\nIt runs to stop {built}.\n")
            (articles / "new.tmp").replace(articles / "tram.txt")
            made.until(lambda built=built: made.built >= built)
    finally:
        made.close()


def test_what_counts_as_a_change() -> None:
    roots, directory = [Path("/a/news"), Path("/b/one.txt")], Path("/a/news/my.index")
    assert _counts(Path("/a/news/x/y.txt"), roots, directory)
    assert _counts(Path("/b/one.txt"), roots, directory)
    for other in ("/b/two.txt", "/a/news/.git/x", "/a/news/x/.y.swp", "/a/news/my.index/citespan.db", "/c"):
        assert not _counts(Path(other), roots, directory)
