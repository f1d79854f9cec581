"""One question a line with its context: `{"id", "dataset", "question", "context", "answers": [{"text", "start"}]}`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.types import Document
from eval.formats.fields import checked_text, distinct, optional_text, required_id, required_text
from eval.formats.lines import Place, Row, json_rows
from eval.types import Question


def read_rows(path: Path) -> tuple[tuple[Question, ...], tuple[Document, ...]]:
    """The questions and their contexts; equal contexts of one dataset are one document."""
    documents: dict[tuple[str, str], Document] = {}
    questions = distinct(_questions(path, documents))
    return questions, tuple(documents.values())


def _questions(path: Path, documents: dict[tuple[str, str], Document]) -> Iterator[tuple[Place, Question]]:
    for place, row in json_rows(path):
        group = optional_text(row, "dataset", place) or path.name.split(".")[0]
        context = required_text(row, "context", place)
        document = documents.get((group, context))
        if document is None:
            document = Document.create(source=f"rows:{group}#{len(documents)}", text=context, title="")
            documents[group, context] = document
        yield place, _question(row, place, group, document.source)


def _question(row: Row, place: Place, group: str, source: str) -> Question:
    answers = _answers(row, place)
    return Question(
        id=f"{group}:{required_id(row, 'id', place)}",
        text=required_text(row, "question", place),
        answers=answers,
        answerable=bool(answers),
        documents=(source,) if answers else (),
        grades=(1,) if answers else (),
        group=group,
        context=source,
    )


def _answers(row: Row, place: Place) -> tuple[str, ...]:
    value = row.get("answers")
    if not isinstance(value, list):
        raise place.error('"answers" must be a list of {"text", "start"}; [] for a question without answer')
    texts = []
    for answer in value:
        text = answer.get("text") if isinstance(answer, dict) else None
        if not isinstance(text, str) or not text.strip():
            raise place.error('an answer has no "text"; answers are {"text", "start"}')
        texts.append(checked_text(text, "answers", place))
    return tuple(dict.fromkeys(texts))
