"""Files that hold many articles: what a build adds, keeps and removes of them."""

from pathlib import Path

import pytest

from benchmarks.packed_writers import packed
from corpus.loaders.columns import Columns
from corpus.sources import file_of
from index import build, open_index
from index.builder import BuildSettings
from index.parts import parts_of

ROWS = ["id,title,text", "a,Tram,The tram opened in 2023.", "b,Salt,The salt is hot."]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    root.mkdir()
    (root / "plain.txt").write_text("A plain article stands here.")
    return root


def names(sources, folder: Path) -> list[str]:
    return [source.removeprefix(f"{folder.as_posix()}/") for source in sources]


def rows(folder: Path, *lines: str) -> None:
    (folder / "news.csv").write_text("\n".join(lines) + "\n")


def test_rows_are_added_updated_and_removed(folder: Path, tmp_path: Path, encoder) -> None:
    index = tmp_path / "index"
    rows(folder, *ROWS)
    first = build([folder], index, encoder=encoder)
    assert names(first.added, folder) == ["news.csv#id=a", "news.csv#id=b", "plain.txt"]
    again = build([folder], index, encoder=encoder)
    assert (len(again.unchanged), again.passages_embedded) == (3, 0)
    rows(folder, ROWS[0], "b,Salt,The salt is cold now.", "c,Bridge,The bridge is new.")
    third = build([folder], index, encoder=encoder)
    assert names(third.added, folder) == ["news.csv#id=c"]
    assert names(third.updated, folder) == ["news.csv#id=b"]
    assert names(third.removed, folder) == ["news.csv#id=a"]
    assert names(third.unchanged, folder) == ["plain.txt"]
    with open_index(index) as engine:
        assert [document.title for document in engine.documents()] == ["Salt", "Bridge", "Plain"]
    (folder / "news.csv").unlink()
    last = build([folder], index, encoder=encoder)
    assert names(last.removed, folder) == ["news.csv#id=b", "news.csv#id=c"]


def test_the_refused_part_of_an_archive_is_told_by_every_build(folder: Path, tmp_path: Path, encoder) -> None:
    path = folder / "papers.zip"
    path.write_bytes(packed({"a.txt": b"The harbour is open.", "b.txt": b"The bridge is closed."}))
    index = tmp_path / "index"
    build([folder], index, encoder=encoder)
    path.write_bytes(packed({"a.txt": b"The harbour is shut.", "b.txt": b"\0\0\0"}))
    for _ in range(2):
        report = build([folder], index, encoder=encoder)
        assert names((refusal.source for refusal in report.refused), folder) == ["papers.zip!/b.txt"]
        assert report.removed == ()
    with open_index(index) as engine:
        texts = [document.text for document in engine.documents()]
    assert texts == ["The harbour is shut.", "The bridge is closed.", "A plain article stands here."]


def test_other_columns_make_other_articles(folder: Path, tmp_path: Path, encoder) -> None:
    rows(folder, "k,text,other", "1,One text here.,Another text there.")
    index = tmp_path / "index"
    build([folder], index, encoder=encoder)
    report = build([folder], index, encoder=encoder, settings=BuildSettings(columns=Columns(text="other", id="k")))
    assert names(report.added, folder) == ["news.csv#id=1"]
    assert names(report.removed, folder) == ["news.csv#row=2"]


def test_a_link_out_of_the_folder_and_a_bomb_are_refused(folder: Path, tmp_path: Path, encoder) -> None:
    (tmp_path / "secret.txt").write_text("Nobody is to read this.")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "bomb.zip").write_bytes(packed({"0.txt": b"x", "a.txt": b"0" * 40_000_000}))
    report = build([folder], tmp_path / "index", encoder=encoder)
    assert names(report.added, folder) == ["plain.txt"]
    bomb, link = report.refused
    assert names([bomb.source, link.source], folder) == ["bomb.zip", "out.txt"]
    assert "over the limit of 100, as bombs do" in bomb.reason
    assert link.reason.startswith("a link")


def test_a_file_whose_name_looks_like_a_row_is_its_own(tmp_path: Path) -> None:
    assert file_of("/a/x.csv#row=2.txt", {"/a/x.csv", "/a/x.csv#row=2.txt"}) == "/a/x.csv#row=2.txt"
    assert file_of("/a/x.zip!/y.csv#row=2", {"/a/x.zip"}) == "/a/x.zip"
    assert file_of("squad:T#0", {"squad:T"}) == "squad:T#0"
    assert parts_of(["/a", "/b#id=1", "/b#id=2"], {"/a", "/b"}) == {"/b": ["/b#id=1", "/b#id=2"]}
