"""From paths to files."""

import os
from pathlib import Path

import pytest

from corpus import discover
from corpus.errors import UsageError


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "articles"
    for name in ("b.txt", "a.md", "sub/a.md", "sub/deep/c.HTML", ".hidden.txt", ".git/d.txt", "photo.jpg", "README"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")
    return root


def names(paths, root):
    return [path.relative_to(root).as_posix() for path in paths]


def test_a_folder_is_walked_in_order_and_what_is_passed_over_is_listed(folder):
    found = discover([folder])
    assert names(found.files, folder) == ["a.md", "b.txt", "sub/a.md", "sub/deep/c.HTML"]
    assert [(Path(refusal.source).name, refusal.reason) for refusal in found.skipped] == [
        (".git", "hidden"),
        (".hidden.txt", "hidden"),
        ("README", "no file name ending that tells a format"),
        ("photo.jpg", "no loader for '.jpg' files"),
    ]


def test_a_file_that_is_named_is_always_tried(folder):
    found = discover([folder / "photo.jpg", folder / ".hidden.txt", folder])
    assert {"photo.jpg", ".hidden.txt"} <= {path.name for path in found.files}
    assert [Path(refusal.source).name for refusal in found.skipped] == [".git", "README"]


def test_each_file_once_whatever_names_it(folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = discover([Path(), folder, folder / "sub", Path("sub/../b.txt")])
    assert names(found.files, folder) == ["a.md", "b.txt", "sub/a.md", "sub/deep/c.HTML"]


def test_links_are_not_followed_in_a_folder_but_one_that_is_named_is(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("text")
    (folder / "loop").symlink_to(folder)
    (folder / "out").symlink_to(outside)
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    found = discover([folder])
    assert "secret.txt" not in {path.name for path in found.files}
    assert [Path(refusal.source).name for refusal in found.skipped if refusal.reason.startswith("a link")] == [
        "loop",
        "out",
        "out.txt",
    ]
    assert [path.name for path in discover([folder / "out"]).files] == ["secret.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_is_passed_over(folder):
    os.mkfifo(folder / "pipe.txt")
    found = discover([folder])
    assert ("pipe.txt", "not a regular file") in [
        (Path(refusal.source).name, refusal.reason) for refusal in found.skipped
    ]


def test_a_folder_that_cannot_be_read_is_listed(folder, monkeypatch):
    scandir = os.scandir

    def forbid(path):
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbid)
    found = discover([folder])
    assert names(found.files, folder) == ["a.md", "b.txt"]
    assert ("sub", "folder cannot be read (Permission denied)") in [
        (Path(refusal.source).name, refusal.reason) for refusal in found.skipped
    ]


def test_a_missing_path_and_no_path_are_wrong_calls(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere does not exist"):
        discover([tmp_path / "nowhere"])
    with pytest.raises(UsageError, match="no path was given"):
        discover([])


def test_a_folder_without_an_article_is_a_wrong_call_that_names_it(tmp_path):
    with pytest.raises(UsageError, match=r"no article found in .*empty; expected files ending in"):
        (tmp_path / "empty").mkdir()
        discover([tmp_path / "empty"])
    (tmp_path / "photo.jpg").write_text("x")
    with pytest.raises(UsageError, match="2 other entries passed over") as error:
        (tmp_path / ".hidden").mkdir()
        (tmp_path / "empty").rmdir()
        discover([tmp_path])
    assert "\n" not in str(error.value)
