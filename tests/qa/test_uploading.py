"""Articles over the page: names are made safe, limits hold, what is refused is told, the index follows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UsageError
from corpus.loaders.load import source_of
from corpus.types import document_id
from index import build
from index.encoder import open_encoder
from index.listing import list_documents
from index.types import BuildProgress
from qa.commands.serve import collection_names
from qa.uploading import MOST_AT_ONCE, Incoming, Uploads, safe_name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("mill.txt", "mill.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\mill.TXT", "mill.txt"),
        (".hidden.md", "hidden.md"),
        ("..txt.txt", "txt.txt"),
        ("a\0b\u202ec\n.html", "a b c.html"),
        ("<img src=x onerror=alert(1)>.txt", "img src x onerror alert(1).txt"),
        ("Mühle-日本語.md", "Mühle-日本語.md"),
        ("x" * 300 + ".txt", "x" * 120 + ".txt"),
    ],
)
def test_a_name_is_made_safe(given, safe):
    assert safe_name(given) == safe


@pytest.mark.parametrize("name", ["mill.exe", "mill", ".txt", "...txt", "", "\u202e.md", "mill.txt/"])
def test_a_name_that_cannot_be_kept_is_refused(name):
    with pytest.raises(UsageError):
        safe_name(name)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_name_leaves_the_folder(tmp_path_factory, name):
    try:
        safe = safe_name(name + ".txt")
    except UsageError:
        return
    assert "/" not in safe
    assert "\\" not in safe
    assert "\0" not in safe
    assert not safe.startswith(".")
    assert len(safe.encode()) < 200


@pytest.fixture
def uploads(tmp_path, articles):
    index = tmp_path / "news.index"
    encoder = open_encoder()
    build([articles], index, encoder=encoder)
    return Uploads(tmp_path / "uploads" / "news", index, encoder)


def sent(tmp_path, name, words) -> Incoming:
    path = tmp_path / f"sent-{len(words)}"
    path.write_text(words, encoding="utf-8")
    return Incoming(name, path)


def test_articles_are_taken_in_replaced_and_removed(uploads, tmp_path):
    mill = "The mill was built in 1788. It has four floors."
    *progress, report = uploads.take([sent(tmp_path, "../mill.txt", mill), sent(tmp_path, "tool.exe", "MZ")])
    assert [one.total for one in progress if isinstance(one, BuildProgress)] == [1, 1]
    assert [one.rsplit("/", 1)[1] for one in report.added] == ["mill.txt"]
    assert "no loader" in report.refused[0].reason
    source = source_of(uploads.folder / "mill.txt")
    assert uploads.holds(source)

    *_, report = uploads.take([sent(tmp_path, "mill.txt", mill + " And a wheel.")])
    assert report.updated == (source,)

    listed = list_documents(uploads._index).documents
    assert len(listed) == 3
    own = next(one for one in listed if one.source != source)
    assert not uploads.holds(own.source)
    assert not uploads.remove(own.id)
    assert uploads.remove(document_id(source))
    assert not uploads.remove(document_id(source))
    assert len(list_documents(uploads._index).documents) == 2
    assert list(uploads.folder.iterdir()) == []


def test_limits_hold(uploads, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="at most"):
        list(uploads.take([Incoming("a.txt", tmp_path)] * (MOST_AT_ONCE + 1)))
    monkeypatch.setattr("qa.uploading.LARGEST_FILE", 10)
    (report,) = uploads.take([sent(tmp_path, "a.txt", "more than ten bytes")])
    assert "larger than" in report.refused[0].reason
    monkeypatch.setattr("qa.uploading.MOST_IN_FOLDER", 0)
    with pytest.raises(UsageError, match="room for 0"):
        list(uploads.take([sent(tmp_path, "a.txt", "x")]))


def test_collections_are_named_after_their_folders(tmp_path):
    assert collection_names([tmp_path / "news.index", tmp_path / "old"]) == ["news", "old"]
    with pytest.raises(UsageError, match="two indexes are called 'news'"):
        collection_names([tmp_path / "news.index", tmp_path / "b" / "news"])
