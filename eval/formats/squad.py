"""SQuAD 1.1 and 2.0 JSON: contexts become the corpus, titles kept, every question knows its context."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DatasetError
from corpus.types import Document
from eval.formats.fields import checked_text, distinct, optional_text, required_id, required_text
from eval.formats.lines import Place, Row, read_text
from eval.types import Question, SquadRules


@dataclass(frozen=True, slots=True)
class SquadFile:
    """What a SQuAD file holds."""

    questions: tuple[Question, ...]
    documents: tuple[Document, ...]
    rules: SquadRules


class _Lines:
    """Finds the line of a row in the raw JSON by the last text that was read well."""

    def __init__(self, path: Path, raw: str) -> None:
        self._path = str(path)
        self._raw = raw
        self._position = 0

    def advance(self, text: str) -> None:
        """Move to the next occurrence of `text`, if there is one."""
        found = self._raw.find(json.dumps(text, ensure_ascii="\\u" in self._raw)[1:-1], self._position)
        self._position = max(found, self._position)

    def here(self) -> Place:
        """The line of the last text found."""
        return Place(self._path, self._raw.count("\n", 0, self._position) + 1)


def read_squad(path: Path) -> SquadFile:
    """Read one SQuAD file, plain or .gz; DatasetError names the line and the field of anything malformed."""
    raw = read_text(path)
    try:
        tree = json.loads(raw)
    except json.JSONDecodeError as error:
        raise Place(str(path), error.lineno).error(f"not JSON ({error.msg}); name a SQuAD file") from error
    except RecursionError as error:
        raise DatasetError(f"{path}:1: JSON nested too deeply; name a SQuAD file") from error
    lines = _Lines(path, raw)
    if not isinstance(tree, dict):
        raise lines.here().error('no object with "data" at the top; name a SQuAD file')
    documents: list[Document] = []
    placed = list(_articles(tree, lines, documents))
    second = any(not question.answers for _, question in placed) or str(tree.get("version", "")).startswith("v2")
    return SquadFile(distinct(placed), tuple(documents), SquadRules.V2 if second else SquadRules.V1)


def _articles(tree: Row, lines: _Lines, documents: list[Document]) -> Iterator[tuple[Place, Question]]:
    paragraphs_of: Counter[str] = Counter()
    for article in _objects(tree, "data", lines):
        title = optional_text(article, "title", lines.here()) or "untitled"
        lines.advance(title)
        for paragraph in _objects(article, "paragraphs", lines):
            context = required_text(paragraph, "context", lines.here())
            source = f"squad:{title}#{paragraphs_of[title]}"
            paragraphs_of[title] += 1
            documents.append(Document.create(source=source, text=context, title=title.replace("_", " ")))
            for row in _objects(paragraph, "qas", lines):
                question = _question(row, lines, source)
                yield lines.here(), question


def _question(row: Row, lines: _Lines, source: str) -> Question:
    identity = required_id(row, "id", lines.here())
    lines.advance(identity)
    # As in the official script, the list of answers alone decides; "is_impossible" repeats what it says.
    answers = _answers(row, lines)
    return Question(
        id=identity,
        text=required_text(row, "question", lines.here()),
        answers=answers,
        answerable=bool(answers),
        documents=(source,) if answers else (),
        grades=(1,) if answers else (),
        context=source,
    )


def _answers(row: Row, lines: _Lines) -> tuple[str, ...]:
    """Every gold text, annotators' repeats left out."""
    place = lines.here()
    texts = [answer.get("text") for answer in _objects(row, "answers", lines)]
    for text in texts:
        if not isinstance(text, str):
            raise place.error('an answer has no "text"; SQuAD answers are {"text", "answer_start"}')
        checked_text(text, "answers", place)
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))


def _objects(row: Row, key: str, lines: _Lines) -> list[Row]:
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise lines.here().error(f'"{key}" is missing or not a list of objects; SQuAD needs it here')
    return value
