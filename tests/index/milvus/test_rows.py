"""Documents as rows and back, and what tells two versions apart."""

from dataclasses import replace
from datetime import date

import pytest

from corpus.errors import UsageError
from corpus.types import Details, Document
from index.engines.milvus.rows import LISTED, document_from, listed_from, passage_from, rows_of
from index.engines.milvus.schema import LONGEST
from index.types import EncodedDocument


def test_a_long_document_comes_back_to_the_letter(encoded) -> None:
    text = "one 🧂 line\n" * 5000 + "\n\x00\u2028 last"
    item = encoded("/a", "words", "T")
    details = Details(author="A", updated=date(2020, 1, 2), language="en", pages=(0, 4, 90))
    whole = Document.create(source="/ä", text=text, title='"T"', published=date(2021, 3, 4), url="u", details=details)
    rows = rows_of(replace(item, document=whole, passages=(), vectors=item.vectors[:0]))
    assert len(rows.texts) > 3
    assert document_from([row["piece"] for row in rows.texts]) == whole
    assert all(len(row["piece"].encode()) <= LONGEST for row in rows.texts)
    listed = listed_from({name: rows.document[name] for name in LISTED})
    assert (listed.title, listed.source, listed.published, listed.url, listed.passages) == (
        *('"T"', "/ä", date(2021, 3, 4), "u", 0),
    )


def test_a_passage_comes_back(encoded) -> None:
    item = encoded("/a", "the tram opened\nmolten salt", "Trams")
    rows = rows_of(item)
    assert [passage_from(row, item.document) for row in rows.passages] == list(item.passages)
    assert rows.passages[1]["words"] == "tram molten salt"


def test_a_version_changes_with_whatever_a_question_could_meet(encoded) -> None:
    item = encoded("/a", "the tram opened\nsalt", "T")
    document = item.document
    shorter = EncodedDocument(document, item.passages[:1], item.vectors[:1])
    variants = [
        rows_of(item),
        rows_of(item, ("b", document.id)),
        rows_of(shorter),
        rows_of(encoded("/a", "the tram opened\nsalt", "U")),
        rows_of(encoded("/a", "the tram opened\nsold", "T")),
        rows_of(replace(item, document=replace(document, details=Details(author="A")))),
        rows_of(replace(item, document=replace(document, published=date(2020, 1, 1)))),
    ]
    assert len({rows.document["version"] for rows in variants}) == len(variants)
    assert rows_of(encoded("/a", "the tram opened\nsalt", "T")) == variants[0]


def test_what_milvus_cannot_hold_is_refused_by_name(encoded) -> None:
    with pytest.raises(UsageError, match="the heading of a passage of /a is longer than"):
        rows_of(encoded("/a", "words", "T" * 70_000))
