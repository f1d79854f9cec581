"""The project's own format: JSONL rows `{"id", "question", "answers": [...], "document": source or null}`.

No answers means that the articles do not say. Optional keys: `kind`, `form`, `also` (further articles that hold
the answer), and for a question without answer `distractor` and `wrong_answers`. Other keys are notes to the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.formats.fields import distinct, optional_text, required_id, required_text, text_list
from eval.formats.lines import Place, Row, json_rows
from eval.formats.table import table_rows
from eval.types import Question


def read_citespan(path: Path) -> tuple[Question, ...]:
    """The questions of a .jsonl file (plain or .gz), or of a .csv table with the same columns."""
    rows = table_rows(path) if path.suffix.lower() in {".csv", ".tsv"} else json_rows(path)
    return distinct(_questions(rows))


def _questions(rows: Iterator[tuple[Place, Row]]) -> Iterator[tuple[Place, Question]]:
    for place, row in rows:
        yield place, _question(row, place)


def _question(row: Row, place: Place) -> Question:
    if "answers" not in row:
        raise place.error('"answers" is missing; write [] for a question that the articles do not answer')
    answers = text_list(row, "answers", place)
    document = optional_text(row, "document", place)
    wrong_answers = text_list(row, "wrong_answers", place)
    if wrong_answers and answers:
        raise place.error('"wrong_answers" belongs to questions without answer; empty "answers" or remove it')
    documents = (document, *text_list(row, "also", place)) if document else ()
    distractor = optional_text(row, "distractor", place)
    return Question(
        id=required_id(row, "id", place),
        text=required_text(row, "question", place),
        answers=answers,
        answerable=bool(answers),
        documents=documents if answers else (),
        grades=(1,) * len(documents) if answers else (),
        kind=optional_text(row, "kind", place),
        form=optional_text(row, "form", place),
        context=document if answers else distractor,
        distractor=distractor,
        wrong_answers=wrong_answers,
    )
