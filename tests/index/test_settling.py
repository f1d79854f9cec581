"""The folder as a whole: lines that repeat and copies of one story, whatever the order the articles came in."""

import random
import sqlite3
from pathlib import Path

import pytest

from corpus.types import document_id
from index import build, check, hybrid_search, open_index
from index.layout import TRUTH

HEAD, FOOT = "The Courier – Evening edition", "Sign up here for more of our stories."
PLACES = ["Ashby", "Brigg", "Corley", "Denton", "Elmham", "Fordle", "Garth", "Hexby"]
STORY = (
    "The harbour of Port Ellery handled 18,400 tonnes of fish in 2021, a rise of 12 percent, its master said on Monday."
    "\n\nFishing boats from the whole coast unload there, and no other port in the county does as much as that does.\n"
)


def article(number: int) -> str:
    place = PLACES[number]
    body = (
        f"{place} opened a bridge of {number * 7 + 20} metres on Monday, after {number + 2} years of building it there."
    )
    return f"{HEAD}\n\n{place} has a bridge\n\n{body}\n\n{FOOT}\n"


def write(folder: Path, number: int) -> None:
    (folder / f"{PLACES[number]}.txt").write_text(article(number), encoding="utf-8")


def paper(folder: Path, name: str, text: str = STORY) -> str:
    path = folder / f"{name}.txt"
    path.write_text(f"{name} has fish\n\n{text}", encoding="utf-8")
    return document_id(path.as_posix())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made


def test_what_repeats_is_out_of_every_passage_and_the_titles_are_right(folder: Path, tmp_path: Path, encoder) -> None:
    for number in range(8):
        write(folder, number)
    report = build([folder], tmp_path / "index", encoder=encoder)
    assert len(report.recut) == 8
    with open_index(tmp_path / "index") as engine:
        assert [document.title for document in engine.documents()] == [f"{place} has a bridge" for place in PLACES]
        found = hybrid_search(engine, encoder, "bridge", 99)
        assert all(HEAD not in hit.passage.text and FOOT not in hit.passage.text for hit in found)
        assert all(HEAD not in hit.passage.context for hit in found)
        document = next(engine.documents())
        assert [span.of(document.text) for span in engine.repeated(document.id)] == [HEAD, FOOT]


def test_the_fifth_article_changes_the_four_before_and_its_removal_brings_them_back(
    folder: Path, tmp_path: Path, encoder, contents
) -> None:
    directory = tmp_path / "index"
    for number in range(4):
        write(folder, number)
    build([folder], directory, encoder=encoder)
    before = contents(directory)
    write(folder, 4)
    report = build([folder], directory, encoder=encoder)
    assert (len(report.added), len(report.unchanged), len(report.recut)) == (1, 4, 5)
    assert build([folder], directory, encoder=encoder).recut == ()
    (folder / "Elmham.txt").unlink()
    report = build([folder], directory, encoder=encoder)
    assert (len(report.unchanged), len(report.recut)) == (4, 4)
    assert contents(directory) == before
    assert check(directory).damage == ()


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_building_gives_one_index(folder: Path, tmp_path: Path, encoder, contents, seed: int) -> None:
    names = [*range(8), "Post", "Mail", "Star"]
    random.Random(seed).shuffle(names)
    for name in names:
        if isinstance(name, int):
            write(folder, name)
        else:
            paper(folder, name)
        if random.Random(f"{seed}{name}").random() < 0.6:
            build([folder], tmp_path / "grown", encoder=encoder)
    build([folder], tmp_path / "grown", encoder=encoder)
    build([folder], tmp_path / "whole", encoder=encoder)
    assert contents(tmp_path / "grown") == contents(tmp_path / "whole")


def test_a_touched_file_of_a_cleaned_article_is_unchanged(folder: Path, tmp_path: Path, encoder) -> None:
    for number in range(8):
        write(folder, number)
    build([folder], tmp_path / "index", encoder=encoder)
    (folder / "Ashby.txt").write_text(article(0), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.loaders.apart.loaders_fingerprint", lambda: "other")
        report = build([folder], tmp_path / "index", encoder=encoder)
    assert (len(report.unchanged), report.recut) == (8, ())


def test_copies_come_and_go_with_their_files(folder: Path, tmp_path: Path, encoder) -> None:
    directory = tmp_path / "index"
    ids = {name: paper(folder, name) for name in ("Mail", "Post", "Star")}
    paper(folder, "Echo", STORY.replace("18,400", "18,500"))
    assert build([folder], directory, encoder=encoder).copies == 2
    with open_index(directory) as engine:
        everyone = tuple(ids[name] for name in ("Mail", "Post", "Star"))
        assert engine.copies(engine.sources().values()) == dict.fromkeys(everyone, everyone)
        paper(folder, "Mail", STORY.replace("12 percent", "13 percent"))
        build([folder], directory, encoder=encoder)
        assert engine.copies(list(everyone)) == dict.fromkeys(everyone[1:], everyone[1:])
        paper(folder, "Mail")
        build([folder], directory, encoder=encoder)
        assert engine.copies([ids["Mail"]]) == {ids["Mail"]: everyone}
        (folder / "Mail.txt").unlink()
        build([folder], directory, encoder=encoder)
        assert engine.copies(list(everyone)) == dict.fromkeys(everyone[1:], everyone[1:])
        (folder / "Post.txt").unlink()
        assert build([folder], directory, encoder=encoder).copies == 0
        assert engine.copies(list(everyone)) == {}


def test_the_same_notice_a_year_later_is_no_copy(folder: Path, tmp_path: Path, encoder) -> None:
    for name, day in (("Mail", "3 March 2022"), ("Post", "5 March 2022"), ("Star", "4 March 2023")):
        paper(folder, name, f"{day}\n\n{STORY}")
    paper(folder, "Undated")
    assert build([folder], tmp_path / "index", encoder=encoder).copies == 2


def test_an_index_of_before_and_a_build_killed_before_its_end_are_caught_up(
    folder: Path, tmp_path: Path, encoder, contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        write(folder, number)
    paper(folder, "Mail")
    paper(folder, "Post")
    build([folder], tmp_path / "whole", encoder=encoder)
    monkeypatch.setattr("index.work.settle", lambda *_: ())
    monkeypatch.setattr("index.batch.traits_of", lambda *_: None)
    build([folder], tmp_path / "index", encoder=encoder)
    monkeypatch.undo()
    with sqlite3.connect(tmp_path / "index" / TRUTH) as before:
        before.execute("DROP TABLE traits")
        before.execute("DROP TABLE copies")
    with open_index(tmp_path / "index") as engine:
        ids = list(engine.sources().values())
        assert (engine.copies(ids), engine.repeated(ids[0])) == ({}, ())
    report = build([folder], tmp_path / "index", encoder=encoder)
    assert (len(report.unchanged), len(report.recut), report.copies) == (10, 8, 1)
    assert contents(tmp_path / "index") == contents(tmp_path / "whole")


def test_damaged_traits_are_reported_and_made_again(folder: Path, tmp_path: Path, encoder, contents) -> None:
    directory = tmp_path / "index"
    for number in range(8):
        write(folder, number)
    build([folder], directory, encoder=encoder)
    before = contents(directory)
    with sqlite3.connect(directory / TRUTH) as file:
        file.execute("UPDATE traits SET repeated = x'00' WHERE document = (SELECT min(document) FROM traits)")
        file.execute("DELETE FROM meta WHERE name = 'settled'")
    assert len(check(directory).damage) == 1
    build([folder], directory, encoder=encoder)
    assert check(directory).damage == ()
    assert contents(directory) == before


def test_killed_between_any_two_transactions_the_next_build_ends_alike(
    folder: Path, tmp_path: Path, encoder, contents, interrupted_after, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        write(folder, number)
    paper(folder, "Mail")
    paper(folder, "Post")
    build([folder], tmp_path / "whole", encoder=encoder)
    monkeypatch.setattr("index.batch.PASSAGES_A_BATCH", 4)
    steps = 0
    while True:
        directory = tmp_path / f"index{steps}"
        with interrupted_after(steps, "change", "settle", "keep_traits"):
            try:
                build([folder], directory, encoder=encoder)
                break
            except KeyboardInterrupt:
                steps += 1
        build([folder], directory, encoder=encoder)
        assert contents(directory) == contents(tmp_path / "whole"), steps
    assert steps > 4
