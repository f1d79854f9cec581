import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.serialise import answer_from_json, answer_to_json
from qa.types import Alternative, Answer, Citation, Timings

TEXT = "The zone was created in 1991. Over 14,000 firms 😀 work there."
DOCUMENT = Document.create(source="a/zone.txt", text=TEXT, title="Zone", published=date(2022, 1, 5), publisher="Daily")


def cite(quote: str, score: float = 0.75) -> Citation:
    start = TEXT.index(quote)
    return Citation(
        document_id=DOCUMENT.id,
        title=DOCUMENT.title,
        source=DOCUMENT.source,
        published=DOCUMENT.published,
        document_sha256=DOCUMENT.sha256,
        span=Span(start, start + len(quote)),
        quote=quote,
        passage=Span(0, len(TEXT)),
        passage_text=TEXT,
        score=score,
        publisher=DOCUMENT.publisher,
    )


ANSWER = Answer(
    question="When was it created?",
    text="1991",
    confidence=0.75,
    citations=(cite("1991"),),
    alternatives=(Alternative("14,000 firms 😀", 0.1, cite("14,000 firms 😀", 0.1)),),
    reason=None,
    timings=Timings(1.5, 20.0, 22.0),
)
ABSTENTION = replace(ANSWER, text=None, citations=(), reason="No passage read gives an answer.")


def test_the_shape_and_order_of_the_contract() -> None:
    row = answer_to_json(ANSWER, "q1")
    assert list(row) == [
        "id", "question", "answer", "confidence", "abstained", "reason", "citations", "alternatives", "timings_ms",
    ]  # fmt: skip
    citation = row["citations"][0]
    assert list(citation) == [
        "document_id", "title", "source", "published", "document_sha256", "start", "end", "quote", "passage", "score",
        "publisher", "url",
    ]  # fmt: skip
    assert list(citation["passage"]) == ["start", "end", "text"]
    assert list(row["alternatives"][0]) == ["answer", "confidence", "citation"]
    assert list(row["timings_ms"]) == ["retrieve", "read", "total"]
    assert (row["id"], row["abstained"], row["reason"], citation["published"]) == ("q1", False, None, "2022-01-05")
    assert TEXT[citation["start"] : citation["end"]] == citation["quote"] == row["answer"]


def test_an_abstention_has_no_answer_but_a_reason() -> None:
    row = answer_to_json(ABSTENTION, 7)
    assert (row["id"], row["answer"], row["abstained"], row["citations"]) == (7, None, True, [])
    assert row["reason"] == ABSTENTION.reason


@pytest.mark.parametrize("answer", [ANSWER, ABSTENTION])
def test_there_and_back_through_text(answer: Answer) -> None:
    assert answer_from_json(json.loads(json.dumps(answer_to_json(answer, 1)))) == answer


def test_a_page_is_told_only_where_there_is_one() -> None:
    paged = replace(ANSWER, citations=(replace(ANSWER.citations[0], page=3),))
    row = answer_to_json(paged, 1)
    assert list(row["citations"][0])[-1] == "page"
    assert row["citations"][0]["page"] == 3
    assert answer_from_json(json.loads(json.dumps(row))) == paged


def test_the_passages_read_stay_out_of_it() -> None:
    passage = Passage.of(DOCUMENT, Span(0, 5))
    with_passages = replace(ANSWER, nearest=(ScoredPassage(passage, 0.5),))
    assert answer_to_json(with_passages, 1) == answer_to_json(ANSWER, 1)


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(row: Any) -> None:
        for key in path[:-1]:
            row = row[key]
        del row[path[-1]]

    return change


def put(value: object, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(row: Any) -> None:
        for key in path[:-1]:
            row = row[key]
        row[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop("question"), "question is missing"),
        (drop("citations"), "citations is missing"),
        (put(3, "answer"), "answer is int"),
        (put("high", "confidence"), "confidence is str"),
        (put(True, "confidence"), "confidence is bool"),
        (put(True, "abstained"), "opposite"),
        (put(["x"], "citations"), r"citations\[0\] is str"),
        (put(None, "alternatives", 0, "citation"), r"alternatives\[0\].citation is NoneType"),
        (put(-1, "citations", 0, "start"), "expected 0 <= start <= end"),
        (put(1.5, "citations", 0, "end"), r"citations\[0\].end is float"),
        (put("5 Jan", "citations", 0, "published"), "expected YYYY-MM-DD"),
        (drop("citations", 0, "passage", "text"), r"citations\[0\].passage.text is missing"),
        (put(False, "citations", 0, "passage", "start"), "truth value"),
        (drop("timings_ms", "read"), "timings_ms.read is missing"),
    ],
)
def test_a_malformed_row_is_named_by_its_key(change: Callable[[dict[str, Any]], None], message: str) -> None:
    row = answer_to_json(ANSWER, 1)
    change(row)
    with pytest.raises(ValueError, match=message):
        answer_from_json(row)
