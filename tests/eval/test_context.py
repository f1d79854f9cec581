from __future__ import annotations

import pytest

from corpus.types import Document
from eval.stages.context import GivenContext

LONG = "\n\n".join(f"Paragraph {n} of the report tells how the {n} trams of line {n} ran in snow." for n in range(60))


@pytest.fixture
def given(bench):
    return GivenContext(bench.encoder)


def test_nothing_is_found_before_anything_is_put_in(given):
    assert given.search("Who?", 5) == []
    assert given.count() == 0
    with pytest.raises(KeyError):
        given.document("x")


def test_a_short_context_is_one_passage_and_the_best_there_is(given):
    document = Document.create(source="squad:T#0", text="  Ana Ruiz built the battery. \n", title="T")
    given.put(document)
    (found,) = given.search("Who built the battery?", 5)
    assert found.passage.text == document.text
    assert found.passage.context == "T"
    assert found.score == 1.0
    assert found.dense == pytest.approx(float(found.dense))
    assert found.lexical == 2.0  # built, battery
    assert given.document(document.id) is document


def test_an_article_is_read_in_its_passages_best_first(given):
    document = Document.create(source="/a/long.txt", text=LONG, title="Trams")
    given.put(document)
    assert given.count() > 3
    found = given.search("How did the 41 trams of line 41 run?", given.count())
    assert len(found) == given.count()
    assert "line 41" in found[0].passage.text
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.passage.span.of(LONG) == one.passage.text for one in found)
    assert len(given.search("trams", 2)) == 2


def test_the_last_document_put_in_is_the_one_that_is_found(given):
    first = Document.create(source="a", text="One.", title="")
    second = Document.create(source="b", text="Two.", title="")
    given.put(first)
    given.put(second)
    given.put(first)
    assert given.search("?", 1)[0].passage.document_id == first.id
    with pytest.raises(KeyError):
        given.document(second.id)
