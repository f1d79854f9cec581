"""Folders for joining, their shards, and what it takes for two indexes to be the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import pytest

from corpus.settings import ChunkSettings
from index import build, check, hybrid_search, open_index
from index.builder import BuildSettings
from index.layout import TRUTH
from index.shards import Shard

QUERIES = ("bridge of metres", "the harbour handled fish", "mill in town3", "evening edition stories")
HEAD, FOOT = "The Courier – Evening edition", "Sign up here for more of our stories."
PLACES = ("Ashby", "Brigg", "Corley", "Denton", "Elmham", "Fordle", "Garth", "Hexby")
STORY = (
    "The harbour of Port Ellery handled 18,400 tonnes of fish in 2021, a rise of 12 percent, its master said on Monday."
    "\n\nFishing boats from the whole coast unload there, and no other port in the county does as much as that does.\n"
)


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as settled at once, as they are when a build comes seconds after they were written."""
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)


@pytest.fixture(autouse=True)
def cut(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a file's name decide alone where it falls: a folder of a test has another path in every run."""

    def by(way: str) -> None:
        place = {"spread": spread, "gathered": gathered}[way]

        def holds(shard: Shard, source: str) -> bool:
            return place(Path(source).stem) % shard.of == shard.number - 1

        monkeypatch.setattr(Shard, "holds", holds)

    by("spread")
    return by


def spread(name: str) -> int:
    """Of three shards, none gets so many pages that it would see their frame."""
    return PLACES.index(name) if name in PLACES else crc32(name.encode())


def gathered(name: str) -> int:
    """The first gets five: enough to see it."""
    return 0 if name in PLACES[:5] else spread(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages whose frame only shows in all of them together, three copies of one story, and a table of rows."""
    made = tmp_path / "papers"
    made.mkdir()
    for number, place in enumerate(PLACES):
        body = f"{place} opened a bridge of {number * 7 + 20} metres on Monday, after {number + 2} years of building."
        (made / f"{place}.txt").write_text(f"{HEAD}\n\n{place} has a bridge\n\n{body}\n\n{FOOT}\n", encoding="utf-8")
    for name in ("Mail", "Post", "Star"):
        (made / f"{name}.txt").write_text(f"{name} has fish\n\n{STORY}", encoding="utf-8")
    put_rows(made, range(6))
    return made


def put_rows(folder: Path, numbers: Sequence[int]) -> None:
    rows = [f"{number},Mill {number},The mill in town{number} is {number * 7} years old." for number in numbers]
    (folder / "rows.csv").write_text("\n".join(["id,title,text", *rows, ""]), encoding="utf-8")


@pytest.fixture
def write_rows() -> Callable[[Path, Sequence[int]], None]:
    """Put other rows into the table of a folder."""
    return put_rows


@pytest.fixture
def places() -> tuple[str, ...]:
    """The names of the pages in a frame."""
    return PLACES


@pytest.fixture
def shards_of(encoder) -> Callable[..., list[Path]]:
    """Make the shards of a folder, or bring them level."""

    def make(folder: Path, out: Path, by=encoder, of: int = 3, settings: ChunkSettings | None = None) -> list[Path]:
        made = []
        for number in range(1, of + 1):
            shard = Shard(number, of)
            asked = BuildSettings(passages=settings or ChunkSettings(), shard=shard)
            build([folder], out / shard.folder, encoder=by, settings=asked)
            made.append(out / shard.folder)
        return made

    return make


@pytest.fixture
def no_encoder() -> Callable[[str], object]:
    """Opens no encoder, and fails where one is asked for."""

    def fail(name: str) -> object:
        raise AssertionError(f"the encoder {name} was opened")

    return fail


@pytest.fixture
def files() -> Callable[[Path], list[object]]:
    """What an index remembers of the files it was read from."""

    def read(directory: Path) -> list[object]:
        with sqlite3.connect(directory / TRUTH) as truth:
            return truth.execute("SELECT * FROM files ORDER BY source").fetchall()

    return read


@pytest.fixture
def assert_same(contents, files, encoder) -> Callable[[Path, Path], None]:
    """Everything stored, everything found, in the same order; and nothing is damaged or behind."""

    def compare(directory: Path, whole: Path) -> None:
        assert contents(directory) == contents(whole)
        assert files(directory) == files(whole)
        with open_index(directory) as joined, open_index(whole) as built:
            for query in QUERIES:
                assert hybrid_search(joined, encoder, query, 99) == hybrid_search(built, encoder, query, 99)
        assert (check(directory).damage, check(directory).behind) == ((), ())

    return compare
