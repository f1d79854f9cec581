"""Build, status and show: what became of every file, and what is in the index then."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3

import pytest

from benchmarks.article import Article, Block
from benchmarks.pdf_writer import as_pdf
from corpus.types import Refusal, document_id
from index.types import BuildReport, IndexStatus, ViewHealth
from qa.commands.build import draw_report
from qa.commands.status import draw_status, size


def test_every_file_is_accounted_for(citespan, tmp_path):
    folder, index = tmp_path / "articles", tmp_path / "my index"
    folder.mkdir()
    (folder / "one.txt").write_text("One tells of the harbour. It has 31 berths.", encoding="utf-8")
    (folder / "two.md").write_text("# Two\n\nTwo tells of the library.", encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"\x00\x01\x02\xff" * 300)
    first = citespan("build", folder, "--index", index)
    assert first.code == 0
    assert "added 2" in first.out
    assert "refused 1" in first.out
    assert "broken.txt: " in first.out
    again = citespan("build", folder, "--index", index)
    assert "unchanged 2" in again.out
    assert "0 passages embedded" in again.out
    (folder / "one.txt").write_text("One tells of the new harbour. It has 32 berths.", encoding="utf-8")
    (folder / "two.md").unlink()
    third = citespan("build", folder, "--index", index)
    assert "updated 1" in third.out
    assert "removed 1" in third.out
    assert "1 passage embedded" in third.out


def test_rows_and_pages(citespan, tmp_path):
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    (folder / "news.csv").write_text("k,Kicker,Words\n7,Harbour,It has 31 berths.\n", encoding="utf-8")
    article = Article("The library", tuple(Block("paragraph", f"Shelf {n} holds {n} books on it.") for n in range(80)))
    (folder / "library.pdf").write_bytes(as_pdf(article))
    built = citespan("build", folder, "--index", index, "--columns", "text=Words,title=Kicker,id=k", "--verbose")
    assert built.code == 0
    assert "news.csv#id=7" in built.out
    shown = json.loads(citespan("show", document_id(f"{folder}/library.pdf"), "--index", index, "--json").out)
    assert (shown["author"], shown["language"]) == ("Jane Roe", "en")
    assert shown["pages"][0] == 0
    assert shown["text"][shown["pages"][1] :].startswith("Shelf ")
    wrong = citespan("build", folder, "--index", index, "--columns", "words=Words")
    assert (wrong.code, "text=Body,title=Headline" in wrong.error) == (2, True)


def test_long_lists_are_cut_unless_all_is_asked_for():
    report = BuildReport(
        added=tuple(f"/a/{number}.txt" for number in range(25)),
        updated=(),
        unchanged=("/a/u.txt",),
        removed=(),
        refused=(Refusal("/a/\x1b[31mred.txt", "is empty"),),
        passages_embedded=1234,
        generation=3,
    )
    short = draw_report(report, seconds=2.34, verbose=False)
    assert "added 25" in short
    assert "and 5 more" in short
    assert "u.txt" not in short
    assert "\x1b" not in short
    assert "1,234 passages embedded in 2.3 s, generation 3" in short
    assert draw_report(report, seconds=2.34, verbose=True).count(".txt") == 27


@pytest.mark.parametrize(
    "arguments", [["build"], ["build", "--index", "x"], ["build", ""], ["build", "x", "--index", ""]]
)
def test_an_incomplete_call_is_one_line(citespan, arguments):
    outcome = citespan(*arguments)
    assert outcome.code == 2
    assert "citespan build --help" in outcome.error_line


def test_a_missing_path_is_one_line_and_makes_no_index(citespan, tmp_path):
    outcome = citespan("build", tmp_path / "nowhere", "--index", tmp_path / "index")
    assert outcome.code == 2
    assert "nowhere" in outcome.error_line
    assert not (tmp_path / "index").exists()


def test_an_unknown_encoder_is_one_line(citespan, articles, tmp_path):
    outcome = citespan("build", articles, "--index", tmp_path / "index", "--encoder", tmp_path / "no-model")
    assert outcome.code == 1
    assert "no-model" in outcome.error_line


def test_a_folder_of_something_else_is_left_alone(citespan, articles, tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    outcome = citespan("build", articles, "--index", tmp_path)
    assert outcome.code == 1
    assert "precious" not in outcome.out
    assert outcome.error_line
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_status_tells_a_person_and_a_program(citespan, built):
    person, program = citespan("status", "--index", built), citespan("status", "--index", built, "--json")
    assert "2 articles" in person.out
    found = json.loads(program.out)
    assert found["documents"] == 2
    assert {view["name"] for view in found["views"]} == {"dense", "lexical"}


def test_a_stale_view_is_told():
    view = ViewHealth("dense", ok=False, generation=None, count=None, bytes=0)
    drawn = draw_status(IndexStatus("x", 1, 2, "e", 384, 5, 1_400_000, (view,)))
    assert "dense       stale (generation none, unknown)" in drawn
    assert "1.4 MB" in drawn


def test_a_view_of_the_right_stamp_that_is_not_sound_is_not_called_stale():
    view = ViewHealth("dense", ok=False, generation=5, count=2, bytes=0)
    drawn = draw_status(IndexStatus("x", 1, 2, "e", 384, 5, 1_400_000, (view,)))
    assert "dense       damaged: the next build or question writes it anew" in drawn


def test_a_check_does_not_vouch_for_the_stamp_of_a_view_that_is_not_there(citespan, copied):
    (copied / "dense.json").unlink()
    found = citespan("status", "--index", copied, "--check")
    assert found.code == 0
    assert found.out.splitlines()[-1].endswith("stamp there is holds; not level with the truth yet: dense")


def test_sizes_are_for_people():
    assert [size(count) for count in (0, 999, 1000, 1_400_000, 2_500_000_000, 3 * 10**12)] == [
        *("0 B", "999 B", "1.0 kB", "1.4 MB", "2.5 GB", "3.0 TB")
    ]


def test_show_prints_the_very_text_that_was_hashed(citespan, built, articles):
    identity = document_id((articles / "harbour.txt").resolve().as_posix())
    shown = json.loads(citespan("show", identity, "--index", built, "--json").out)
    assert list(shown) == ["id", "title", "source", "published", "sha256", "text", "publisher", "url", "updated"]
    assert shown["published"] == "2022-01-05"
    assert hashlib.sha256(shown["text"].encode()).hexdigest() == shown["sha256"]
    person = citespan("show", identity, "--index", built).out
    assert "5 January 2022" in person
    assert "It has 31 berths" in person


def test_an_unknown_document_is_one_line(citespan, built):
    outcome = citespan("show", "no\nsuch", "--index", built)
    assert outcome.code == 2
    assert "no document" in outcome.error_line


@pytest.mark.parametrize(
    "command", [["status"], ["show", "x"], ["ask", "Who?"], ["verify", __file__], ["serve", "--port", "0"]]
)
def test_a_missing_index_is_one_line(citespan, tmp_path, command):
    outcome = citespan(*command, "--index", tmp_path / "none.index")
    assert outcome.code == 1
    assert "none.index" in outcome.error_line
    assert not (tmp_path / "none.index").exists()


def test_what_is_gone_is_said_before_and_prune_reaches_everywhere(citespan, tmp_path):
    near, far, index = tmp_path / "near", tmp_path / "far", tmp_path / "my index"
    for folder in (near, far):
        folder.mkdir()
        for name in ("one", "two"):
            (folder / f"{name}.txt").write_text(f"About {folder.name} {name}\n\nWords of {name}.", encoding="utf-8")
    citespan("build", near, far, "--index", index)
    for folder in (near, far):
        (folder / "two.txt").unlink()
    plain = citespan("build", near, "--index", index)
    assert "removed 1" in plain.out
    assert plain.error.splitlines() == ["removing, as the file is gone: 1", f"  {near / 'two.txt'}"]
    pruned = citespan("build", near, "--index", index, "--prune")
    assert "removed 1" in pruned.out
    assert str(far / "two.txt") in pruned.error
    assert "removed" not in citespan("build", near, "--index", index, "--prune").out


@pytest.fixture
def copied(built, tmp_path):
    return shutil.copytree(built, tmp_path / "copy.index")


def test_a_check_names_what_is_damaged_and_repair_makes_views_whole(citespan, copied):
    sound = citespan("status", "--index", copied, "--check")
    assert sound.code == 0
    assert sound.out.splitlines()[-1] == "checked     every hash, count, reference and stamp holds"
    stamp = copied / "dense.json"
    stamp.write_text("{}")
    person = citespan("status", "--index", copied, "--check")
    assert person.code == 1
    assert "damaged     dense: dense.json cannot be read" in person.out
    assert "`citespan repair`" in person.out
    program = citespan("status", "--index", copied, "--check", "--json")
    damage = json.loads(program.out)["damage"]
    assert (program.code, [fault["part"] for fault in damage]) == (1, ["dense"])
    repaired = citespan("repair", "--index", copied)
    assert repaired.code == 0
    assert "the truth is sound (2 articles" in repaired.out
    assert citespan("status", "--index", copied, "--check").code == 0


def test_a_damaged_truth_is_one_line_that_names_the_article(citespan, copied):
    connection = sqlite3.connect(copied / "citespan.db")
    connection.execute("UPDATE documents SET text = 'other' WHERE source LIKE '%harbour.txt'")
    connection.commit()
    connection.close()
    assert citespan("status", "--index", copied, "--check").code == 1
    for command in (["repair"], ["ask", "How many berths does the harbour have?"]):
        refused = citespan(*command, "--index", copied)
        assert refused.code == 1
        assert "harbour.txt" in refused.error_line


def test_status_without_a_check_says_nothing_of_damage(citespan, built):
    assert "damage" not in json.loads(citespan("status", "--index", built, "--json").out)
