"""One file in, one document out."""

from datetime import date
from pathlib import Path

import pytest

from corpus import load
from corpus.errors import SourceError

TEXT = """Harbour plan agreed

Updated: Jan 5, 2022 Print

The council has agreed.

Copyright ©2022 The Courier. All rights reserved.
"""


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_plain_text_is_kept_to_the_letter(tmp_path):
    text = TEXT.replace("\n", "\r\n")
    document = load(written(tmp_path / "a.txt", text, "utf-8-sig"))
    assert document.text == text
    assert document.title == "Harbour plan agreed"
    assert document.published == date(2022, 1, 5)
    assert document.publisher == "The Courier"
    assert document.source == (tmp_path / "a.txt").as_posix()


def test_what_the_head_states_goes_before_what_the_lines_say(tmp_path):
    head = "---\ntitle: Another title\ndate: 2020-02-02\npublisher: P\nurl: https://example.org/a\n---\n"
    document = load(written(tmp_path / "a.md", head + TEXT))
    assert (document.title, document.published, document.publisher) == ("Another title", date(2020, 2, 2), "P")
    assert document.url == "https://example.org/a"


def test_a_page_in_a_text_file_and_a_text_in_a_page_file(tmp_path):
    page = "<!DOCTYPE html><html><head><title>T</title></head><body><p>The council has agreed on the plan.</p>"
    assert load(written(tmp_path / "a.txt", page)).text == "T\n\nThe council has agreed on the plan."
    assert load(written(tmp_path / "a.html", TEXT)).text == TEXT


def test_a_broken_head_is_text(tmp_path):
    text = "---\ntitle: [broken\n---\n\nThe council has agreed."
    assert "The council has agreed." in load(written(tmp_path / "a.md", text)).text


def test_the_name_of_the_file_is_the_last_resort_for_a_title(tmp_path):
    assert load(written(tmp_path / "harbour_plan-2022.txt", "One line.")).title == "Harbour plan 2022"


def test_a_title_fits_on_a_line_of_output(tmp_path):
    document = load(written(tmp_path / "a.md", '---\ntitle: "A\\nb\\0c \\x07 ' + "x" * 400 + '"\n---\nText.'))
    assert document.title.startswith("A b c x")
    assert len(document.title) == 300


def test_a_relative_path_and_a_strange_name(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "a b ü.txt", TEXT)
    assert load(Path("sub/../a b ü.txt")).source == (tmp_path / "a b ü.txt").as_posix()


def test_a_name_that_is_no_utf_8(tmp_path):
    path = Path(str(tmp_path) + "/caf\udce9.txt")
    try:
        written(path, TEXT)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    assert load(path).source.endswith("caf\\xe9.txt")


def test_two_files_of_one_name_are_two_documents(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder / "a.txt", TEXT)
    first, second = (load(tmp_path / folder / "a.txt") for folder in ("one", "two"))
    assert first.id != second.id
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\x00\x01\x02", "binary"),
        ("a.md", b"---\ntitle: T\n---\n", "no text besides its mark-up"),
        ("a.html", b"<html><head><title>T</title></head></html>", "without any main text"),
        ("a.txt", b"x\n" * 1_000_001, "1,000,001 lines, over the limit of 1,000,000"),
    ],
)
def test_a_file_without_an_article_is_refused_in_one_line(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=reason) as refusal:
        load(tmp_path / name)
    assert "\n" not in str(refusal.value)


def test_the_size_limit_can_be_set(tmp_path):
    with pytest.raises(SourceError, match="over the limit"):
        load(written(tmp_path / "a.txt", TEXT), size_limit=10)
