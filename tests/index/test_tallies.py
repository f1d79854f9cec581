"""The counts of the folder's lines: kept level by each change, so that a build looks at what changed and no further."""

import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from corpus.repetition import repeated_lines
from index import build, check, open_index
from index.checking import repair
from index.layout import TRUTH
from index.store import Store
from index.tallies import signed

HEADS = ("The Courier – Evening edition", "Harbour pages")
FEET = ("Sign up here for more of our stories.", "All rights reserved.")
STORIES = (
    "The port handled 18,400 tonnes of fish in 2021, up 12 percent on the year, its master said on Monday there.",
    "A bridge of 212 metres was opened at Ashby on Monday, after four years of building it, by the mayor and the crew.",
)


def write(path: Path, number: int, chance: random.Random) -> None:
    """An article with a head, a foot or a story that others have too."""
    own = f"In place {number} a mill of {chance.randint(10, 99)} metres opened on Monday after {number} years of work."
    story = chance.choice(STORIES) if chance.random() < 0.3 else own
    head = f"{chance.choice(HEADS)}\n\n" if chance.random() < 0.8 else ""
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(f"{head}Mill number {number}\n\n{story}\n\n{chance.choice(FEET)}\n", encoding="utf-8")


def change(folder: Path, chance: random.Random) -> None:
    """Some articles come, go, move to another site and are written anew."""
    for _ in range(chance.randint(0, 3)):
        number = chance.randint(0, 10**6)
        write(folder / f"site{chance.randint(0, 1)}" / f"{number:06}.txt", number, chance)
    paths = sorted(folder.rglob("*.txt"))
    for path in chance.sample(paths, min(3, len(paths) - 1)):
        match chance.randint(0, 3):
            case 0:
                path.unlink()
            case 1:
                write(path, chance.randint(0, 10**6), chance)
            case 2:
                path.rename(folder / f"site{chance.randint(0, 1)}" / f"moved{chance.randint(0, 10**9)}.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chance = random.Random(0)
    for number in range(24):
        write(tmp_path / "articles" / f"site{number % 2}" / f"{number:06}.txt", number, chance)
    return tmp_path / "articles"


@pytest.fixture
def whole_passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A mark for each time that everything is counted anew."""
    passes: list[str] = []
    real = Store.recount

    def recount(store: Store) -> None:
        passes.append("recounted")
        real(store)

    monkeypatch.setattr(Store, "recount", recount)
    return passes


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_the_index_is_that_of_a_build_at_once(
    folder: Path, tmp_path: Path, encoder, contents, whole_passes: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    build([folder], tmp_path / "grown", encoder=encoder)
    for _ in range(8):
        change(folder, chance)
        build([folder], tmp_path / "grown", encoder=encoder)
        assert check(tmp_path / "grown").damage == ()
    assert whole_passes == ["recounted"]
    build([folder], tmp_path / "whole", encoder=encoder)
    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")


def test_furniture_on_record_is_what_the_rule_says_of_all_articles_at_once(
    folder: Path, tmp_path: Path, encoder
) -> None:
    chance = random.Random(9)
    for _ in range(4):
        build([folder], tmp_path / "index", encoder=encoder)
        store = Store(tmp_path / "index")
        ids = store.document_ids()
        traits = [traits for _, _, traits in store.folder.traits(ids)]
        wanted = repeated_lines((one.page for one in traits), Counter(one.site for one in traits))
        found = {
            (site, line) for site in store.folder.furniture.sites() for line in store.folder.furniture.on_record(site)
        }
        store.close()
        assert found == {(signed(site), signed(line)) for site, line in wanted}
        assert found
        change(folder, chance)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each statement was run on a truth that is open for writing."""
    seen: Counter[str] = Counter()
    from index import schema

    real = schema.connect

    def connect(directory: Path, mode: str) -> sqlite3.Connection:
        connection = real(directory, mode)
        connection.set_trace_callback(lambda statement: seen.update([statement.split("(")[0].split("'")[0]]))
        return connection

    monkeypatch.setattr(schema, "connect", connect)
    return seen


def test_a_folder_in_which_nothing_changed_costs_no_statement_a_file(
    folder: Path, tmp_path: Path, encoder, statements: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)
    counts = []
    for more in (0, 30):
        for number in range(more):
            write(folder / "site0" / f"more{number}.txt", number, random.Random(number))
        build([folder], tmp_path / "index", encoder=encoder)
        statements.clear()
        build([folder], tmp_path / "index", encoder=encoder)
        counts.append(statements.total())
    assert 0 < counts[0] == counts[1]


def test_a_changed_article_costs_the_same_among_few_and_among_many(
    folder: Path, tmp_path: Path, encoder, statements: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.looks.SETTLED_NS", -1)
    monkeypatch.setattr("index.lexical_view.REWRITE_BELOW", 0)
    monkeypatch.setattr("index.lexical_view.REWRITE_SHARE", 1)
    counts = []
    changed = folder / "site3" / "changed.txt"
    changed.parent.mkdir()
    for more in (1, 30):
        for number in range(more):
            (folder / "site3" / f"{number}.txt").write_text(f"Of mill {number}\n\nMill {number} has {number} sails.\n")
        changed.write_text(f"One mill\n\nThe mill was {more} years old and stood by the sea.\n")
        build([folder], tmp_path / "index", encoder=encoder)
        changed.write_text(f"One mill\n\nThe mill is {more} years old and stands by the sea.\n")
        statements.clear()
        build([folder], tmp_path / "index", encoder=encoder)
        counts.append(statements.total())
    assert 0 < counts[0] == counts[1]


def test_a_change_by_a_version_that_does_not_count_is_noticed(
    folder: Path, tmp_path: Path, encoder, whole_passes: list[str]
) -> None:
    build([folder], tmp_path / "index", encoder=encoder)
    (gone, *_) = sorted(folder.rglob("*.txt"))
    with sqlite3.connect(tmp_path / "index" / TRUTH) as before:  # as a version of before removes a document
        (key,) = before.execute("SELECT key FROM documents WHERE source = ?", (gone.as_posix(),)).fetchone()
        before.execute("DELETE FROM vectors WHERE key IN (SELECT key FROM passages WHERE document = ?)", (key,))
        before.execute("DELETE FROM passages WHERE document = ?", (key,))
        before.execute("DELETE FROM documents WHERE key = ?", (key,))
        before.execute("DELETE FROM files WHERE source = ?", (gone.as_posix(),))
        before.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    gone.unlink()
    build([folder], tmp_path / "index", encoder=encoder)
    assert whole_passes == ["recounted"] * 2
    assert check(tmp_path / "index").damage == ()


DAMAGES = (
    "DELETE FROM lines WHERE document = (SELECT min(document) FROM lines)",
    "UPDATE line_counts SET documents = documents + 1",
    "UPDATE sites SET documents = documents + 1",
    "DELETE FROM furniture",
    "DELETE FROM traits WHERE document = (SELECT max(document) FROM traits)",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_wrong_counts_are_reported_and_made_again_after_a_repair(
    folder: Path, tmp_path: Path, encoder, contents, damage: str
) -> None:
    directory = tmp_path / "index"
    build([folder], directory, encoder=encoder)
    before = contents(directory)
    with sqlite3.connect(directory / TRUTH) as file:
        file.execute(damage)
    (fault,) = check(directory).damage
    assert "counts of repeated lines" in fault.what
    repair(directory)
    build([folder], directory, encoder=encoder)
    assert check(directory).damage == ()
    assert contents(directory) == before


@pytest.mark.parametrize("column", ["cores", "edges", "seal"])
def test_damaged_traits_that_a_change_meets_have_everything_looked_at(
    folder: Path, tmp_path: Path, encoder, contents, whole_passes: list[str], column: str
) -> None:
    directory = tmp_path / "index"
    build([folder], directory, encoder=encoder)
    with sqlite3.connect(directory / TRUTH) as file:
        file.execute(f"UPDATE traits SET {column} = 'none'")
    change(folder, random.Random(3))
    build([folder], directory, encoder=encoder)
    assert whole_passes == ["recounted"] * 2
    build([folder], tmp_path / "whole", encoder=encoder)
    assert contents(directory) == contents(tmp_path / "whole")
    assert check(directory).damage == ()


def test_very_many_changes_have_everything_looked_at(
    folder: Path, tmp_path: Path, encoder, contents, whole_passes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build([folder], tmp_path / "index", encoder=encoder)
    monkeypatch.setattr("index.tallies.MOST", 4)
    for number in range(6):
        write(folder / "site1" / f"new{number}.txt", number, random.Random(number))
    build([folder], tmp_path / "index", encoder=encoder)
    assert whole_passes == ["recounted"] * 2
    assert check(tmp_path / "index").damage == ()
    build([folder], tmp_path / "whole", encoder=encoder)
    assert contents(tmp_path / "index") == contents(tmp_path / "whole")


def test_documents_added_without_traits_are_looked_at_by_the_next_build(
    folder: Path, tmp_path: Path, encoder, encoded, whole_passes: list[str]
) -> None:
    from corpus.settings import ChunkSettings
    from index.builder import writing

    build([folder], tmp_path / "index", encoder=encoder)
    with writing(tmp_path / "index", encoder, ChunkSettings()) as engine:
        engine.add([encoded("/elsewhere/one.txt", "A line of words.")])
        assert not engine.folder.tally.known
    build([folder], tmp_path / "index", encoder=encoder)
    assert whole_passes == ["recounted"] * 2
    assert check(tmp_path / "index").damage == ()
    with open_index(tmp_path / "index") as opened:
        assert opened.count() > 0
