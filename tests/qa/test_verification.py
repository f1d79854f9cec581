import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from corpus.types import Document, Span
from qa.serialise import answer_to_json
from qa.types import Alternative, Answer, Citation, Timings
from qa.verification import verify_answer, verify_lines

TEXT = "The zone was created in 1991. Over 14,000 firms work there."
DOCUMENT = Document.create(source="a/zone.txt", text=TEXT, title="Zone")


@dataclass(frozen=True)
class Shelf:
    """The documents of an index, and nothing else."""

    documents: dict[str, Document]

    def document(self, document_id: str) -> Document:
        return self.documents[document_id]


SHELF = Shelf({DOCUMENT.id: DOCUMENT})


def cite(quote: str) -> Citation:
    start = TEXT.index(quote)
    return Citation(
        DOCUMENT.id,
        "Zone",
        "a/zone.txt",
        None,
        DOCUMENT.sha256,
        Span(start, start + len(quote)),
        quote,
        Span(0, 29),
        TEXT[:29],
        0.5,
    )


def saved() -> dict[str, Any]:
    other = Alternative("zone", 0.1, cite("zone"))
    answer = Answer("When?", "1991", 0.75, (cite("1991"),), (other,), None, Timings(1.0, 2.0, 3.0))
    return answer_to_json(answer, "q1")


def test_what_was_just_saved_holds() -> None:
    assert verify_answer(saved(), SHELF) == []


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda row: row["citations"][0].update(quote="1992"), "citations[0]", "quote '1992' is not at 24..28"),
        (lambda row: row["citations"][0].update(start=23), "citations[0]", "quote '1991' is not at 23..28"),
        (lambda row: row["citations"][0].update(document_sha256="0" * 64), "citations[0]", "the article changed"),
        (lambda row: row["citations"][0].update(document_id="gone"), "citations[0]", "not in the index"),
        (
            lambda row: row["citations"][0]["passage"].update(text="The town"),
            "citations[0]",
            "passage 'The town' is not at",
        ),
        (lambda row: row["citations"][0].update(start=9999, end=10003), "citations[0]", "outside its passage"),
        (lambda row: row["citations"][0].update(start=24, end=24, quote=""), "citations[0]", "quote is blank"),
        (lambda row: row.update(answer="1992"), "answer", "not the first citation's quote"),
        (lambda row: row.update(citations=[]), "citations", "at least one"),
        (lambda row: row.update(answer=None, abstained=True), "citations", "an abstention cites nothing"),
        (lambda row: row["alternatives"][0].update(answer="zones"), "alternatives[0]", "not its citation's quote"),
        (lambda row: row["alternatives"][0]["citation"].update(quote="zona"), "alternatives[0].citation", "is not at"),
        (lambda row: row.pop("timings_ms"), "", "timings_ms is missing"),
    ],
)
def test_one_change_is_found_and_named(change: Callable[[dict[str, Any]], None], where: str, what: str) -> None:
    row = copy.deepcopy(saved())
    change(row)
    found = verify_answer(row, SHELF)
    assert any(problem.where == where and what in problem.what for problem in found), found


def test_an_article_that_changed_since_is_told() -> None:
    newer = Document.create(source="a/zone.txt", text=TEXT.replace("1991", "1990"), title="Zone")
    told = [str(problem) for problem in verify_answer(saved(), Shelf({newer.id: newer}))]
    assert any("the article changed" in one for one in told)
    assert any("where stands '1990'" in one for one in told)


def test_lines_are_checked_one_by_one_and_none_stops_the_rest() -> None:
    broken = saved()
    broken["citations"][0]["quote"] = "1992"
    lines = [json.dumps(saved()), "", "{not json", "[1, 2]", json.dumps(broken), "[" * 100_000]
    checks = list(verify_lines(lines, SHELF))
    assert [check.line for check in checks] == [1, 3, 4, 5, 6]
    assert [bool(check.problems) for check in checks] == [False, True, True, True, True]
    assert (checks[0].id, checks[0].citations, checks[3].id) == ("q1", 2, "q1")
    assert "is not JSON" in str(checks[1].problems[0])
