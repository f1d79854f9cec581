"""The mark of the check: it holds, it holds but the file is gone, or something changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.errors import IndexDamagedError, UsageError
from corpus.loaders.load import load
from qa.exhibits import Exhibit, ExhibitKind
from qa.filters.types import Filters
from qa.page.proof import Standing, prove
from qa.page.source_pane import source_html
from qa.page.terms import read_terms
from qa.page.turns import Conversation, Opened, Turn

WORDS = "The mill was built in 1788.\r\n\r\nIt has four floors and two wheels.\r\n"


class Shelf:
    """Holds one document."""

    def __init__(self, document) -> None:
        self._document = document

    def document(self, document_id):
        return {self._document.id: self._document}[document_id]


@pytest.fixture
def mill(tmp_path):
    path = tmp_path / "mill.txt"
    path.write_text(WORDS, encoding="utf-8", newline="")
    return path


def exhibit_of(document, cite):
    citation = cite(document, "four floors")
    return Exhibit(
        kind=ExhibitKind.CITATION,
        document_id=document.id,
        title=document.title,
        source=document.source,
        published=None,
        publisher=None,
        url=None,
        passage=citation.passage,
        passage_text=citation.passage_text,
        document_sha256=document.sha256,
        mark=citation.span,
    )


def test_words_that_stand_in_an_unchanged_file_are_verified(mill, cite):
    document = load(mill)
    proof = prove(exhibit_of(document, cite), Shelf(document))
    assert proof.standing is Standing.HOLDS
    assert "file on disk is unchanged" in proof.what


def test_a_file_changed_since_is_red(mill, cite):
    document = load(mill)
    exhibit = exhibit_of(document, cite)
    prove(exhibit, Shelf(document))
    mill.write_text(WORDS.replace("four", "five"), encoding="utf-8", newline="")
    proof = prove(exhibit, Shelf(document))
    assert proof.standing is Standing.BROKEN
    conversation = Conversation((Turn("?", exhibits=(exhibit,)),), Opened(0))
    html = source_html(conversation, None, proof)
    assert 'class="cs-proof cs-broken"' in html
    assert "has changed since" in html


def test_a_file_that_is_gone_cannot_be_compared(mill, cite):
    document = load(mill)
    mill.unlink()
    assert prove(exhibit_of(document, cite), Shelf(document)).standing is Standing.UNCOMPARED


def test_an_article_of_the_web_is_not_fetched(mill, cite):
    document = replace(load(mill), source="http://127.0.0.1:9/mill")
    assert prove(exhibit_of(document, cite), Shelf(document)).standing is Standing.UNCOMPARED


def test_words_that_are_not_in_the_index_any_more_are_red(mill, cite):
    document = load(mill)
    exhibit = exhibit_of(document, cite)
    assert prove(replace(exhibit, document_id="gone"), Shelf(document)).standing is Standing.BROKEN
    assert prove(replace(exhibit, document_sha256="0" * 64), Shelf(document)).standing is Standing.BROKEN
    damaged = Shelf(document)
    damaged.document = lambda _: (_ for _ in ()).throw(IndexDamagedError("damaged"))
    assert prove(exhibit, damaged).standing is Standing.BROKEN


def test_the_controls_are_terms():
    terms = read_terms(10, "2022-03", " 2023 ", "ledger")
    assert terms.target_error == 0.1
    assert (str(terms.filters.since), str(terms.filters.until)) == ("2022-03-01", "2023-12-31")
    assert terms.filters.source == "*ledger*"
    assert read_terms(None, "", None, " ").filters == Filters()
    assert read_terms(0, "", "", "a*b").filters.source == "a*b"


@pytest.mark.parametrize("values", [("soon", ""), ("", "2022-13"), ("2023", "2022"), ("1" * 50, "")])
def test_controls_that_mean_nothing_are_told(values):
    with pytest.raises(UsageError):
        read_terms(25, *values, "")


def test_a_source_too_long_is_told():
    with pytest.raises(UsageError, match="200"):
        read_terms(25, "", "", "x" * 201)
