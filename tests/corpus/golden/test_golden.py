"""The same article in every format gives the same words, and what each format can tell of it."""

from pathlib import Path

import pytest

from benchmarks.article import Article, plain
from benchmarks.writers import WRITERS
from corpus import chunk
from corpus.loaders.load import load_all
from corpus.types import Document

FULL = {".md", ".html", ".mhtml", ".epub", ".csv", ".jsonl"}
"""Formats that state everything."""
OFFICE = {".docx", ".odt"}
"""These name no publisher."""
BARE = {".txt", ".txt.gz", ".zip", ".tar.gz"}


def read(folder: Path, article: Article, suffix: str) -> Document:
    path = folder / f"marrowick{suffix}"
    path.write_bytes(WRITERS[suffix](article))
    (document,) = load_all(path).documents
    return document


def words(text: str) -> str:
    """The text up to white space, and to the marks that the fonts of the PDF lack."""
    marks = str.maketrans({"·": "•", "“": '"', "”": '"', "’": "'"})
    return " ".join(text.translate(marks).split())


@pytest.mark.parametrize("suffix", [suffix for suffix in WRITERS if suffix != ".pdf"])
def test_the_words_are_the_same(tmp_path: Path, golden: Article, suffix: str) -> None:
    document = read(tmp_path, golden, suffix)
    assert words(document.text) == words(plain(golden))
    assert document.title == golden.title


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_offset_holds(tmp_path: Path, golden: Article, suffix: str) -> None:
    document = read(tmp_path, golden, suffix)
    row = "Output value, 2021: 19.6 billion yuan."
    start = document.text.index(row)
    (*_, passage) = [found for found in chunk(document, len) if found.span.start <= start < found.span.end]
    assert passage.text == document.text[passage.span.start : passage.span.end]
    assert any(row in found.text for found in chunk(document, lambda text: len(text.split())))


@pytest.mark.parametrize("suffix", WRITERS)
def test_what_the_file_tells_of_it(tmp_path: Path, golden: Article, suffix: str) -> None:
    document = read(tmp_path, golden, suffix)
    details = document.details
    if suffix in BARE:
        assert (document.published, document.publisher, details.author) == (None, None, None)
        return
    assert document.published == golden.published
    assert (details.author, details.language) == (golden.author, golden.language)
    assert document.publisher == (golden.publisher if suffix in FULL else None)
    assert details.updated == (golden.updated if suffix in FULL | OFFICE else None)


def test_sources_inside_files(tmp_path: Path, golden: Article) -> None:
    sources = {suffix: read(tmp_path, golden, suffix).source for suffix in (".csv", ".jsonl", ".zip", ".txt.gz")}
    name = (tmp_path / "marrowick").as_posix()
    assert sources == {
        ".csv": f"{name}.csv#row=2",
        ".jsonl": f"{name}.jsonl#line=1",
        ".zip": f"{name}.zip!/inner/a.txt",
        ".txt.gz": f"{name}.txt.gz",
    }
