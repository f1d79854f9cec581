"""Answers made by hand for what draws them, and a real index of two small articles for the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from corpus.types import Document, Passage, Span
from index import build
from index.encoder import open_encoder
from index.types import ScoredPassage
from qa.cli import main
from qa.types import Alternative, Answer, Citation, Timings

TEXT = "The harbour opened in 1904.\n\nIt has 31 berths, and 9 of them are new. Ana Ruiz runs it."


@pytest.fixture
def article() -> Document:
    return Document.create(
        source="/articles/harbour.txt",
        text=TEXT,
        title="The harbour",
        published=date(2022, 1, 5),
        publisher="The Courier",
        url="https://courier.example/harbour",
    )


@pytest.fixture
def cite() -> Callable[..., Citation]:
    """Cite a quote of a document, in a passage that is the whole text unless a span is given."""

    def make(document: Document, quote: str, passage: Span | None = None) -> Citation:
        start = document.text.index(quote)
        around = passage or Span(0, len(document.text))
        return Citation(
            document_id=document.id,
            title=document.title,
            source=document.source,
            published=document.published,
            document_sha256=document.sha256,
            span=Span(start, start + len(quote)),
            quote=quote,
            passage=around,
            passage_text=around.of(document.text),
            score=0.8,
            publisher=document.publisher,
            url=document.url,
        )

    return make


@pytest.fixture
def nearest() -> Callable[[Document], tuple[ScoredPassage, ...]]:
    """Give the whole text of a document as the one passage that was read."""
    return lambda document: (ScoredPassage(Passage.of(document, Span(0, len(document.text))), 0.5),)


@pytest.fixture
def answer(article, cite, nearest) -> Answer:
    """Answer with "31 berths", with "1904" as another candidate."""
    return Answer(
        question="How many berths are there?",
        text="31 berths",
        confidence=0.82,
        citations=(cite(article, "31 berths", Span(29, len(TEXT))),),
        alternatives=(Alternative("1904", 0.07, cite(article, "1904", Span(0, 27))),),
        reason=None,
        timings=Timings(12, 300, 320),
        nearest=nearest(article),
    )


@pytest.fixture
def abstention(article, cite, nearest) -> Answer:
    return Answer(
        question="Who painted it?",
        text=None,
        confidence=0.12,
        citations=(),
        alternatives=(Alternative("Ana Ruiz", 0.12, cite(article, "Ana Ruiz")),),
        reason="No passage answers this surely enough.",
        timings=Timings(12, 300, 320),
        nearest=nearest(article),
    )


HARBOUR = """The harbour of Port Ellery

Updated: January 5, 2022

The harbour of Port Ellery was opened in 1904 by the mayor, Agnes Tull. It has 31 berths for fishing boats, and a
lighthouse stands at its northern end. About 240 people work there.

In 2021 the harbour handled 18,400 tonnes of fish. The harbour master is Rosa Lindqvist, who took over in 2017.
"""
LIBRARY = """# The town library

The town library holds 52,000 books. It closes on Mondays. The librarian, Idris Cole, said that 7,300 readers
borrowed at least one book in 2023. A reader's card costs 4 euros a year.
"""


@dataclass(frozen=True)
class Outcome:
    """What a call of the command line left: its exit code and what it printed."""

    code: int
    out: str
    error: str

    @property
    def error_line(self) -> str:
        """The one line of the error."""
        assert self.error.count("\n") == 1, self.error
        assert self.error.startswith("citespan: ")
        return self.error


@pytest.fixture
def citespan(capsys, monkeypatch) -> Callable[..., Outcome]:
    """Call the command line in this process."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def call(*arguments: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.fixture(scope="session")
def articles(tmp_path_factory) -> Path:
    """Two small articles in a folder, not to be changed."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "library.md").write_text(LIBRARY, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(articles, tmp_path_factory) -> Path:
    """An index of the two articles, not to be changed."""
    directory = tmp_path_factory.mktemp("index") / "articles.index"
    build([articles], directory, encoder=open_encoder())
    return directory
