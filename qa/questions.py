"""A file of questions: JSONL rows {"id", "question", optional "previous"}, checked whole before anything is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UsageError


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of a file; the id is given back with the answer as it came."""

    id: str | int
    question: str
    previous: tuple[str, ...] = ()
    """The earlier questions of the conversation, oldest first."""


def read_questions(path: Path) -> list[QuestionRow]:
    """Read every row; raises UsageError naming file and line for a malformed one or an id that was there before."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path} ({error}); expected JSONL in UTF-8") from error
    rows: list[QuestionRow] = []
    seen: dict[str | int, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _row(line, f"{path}:{number}")
        if row.id in seen:
            raise UsageError(f"{path}:{number} repeats the id {row.id!r} of line {seen[row.id]}; give each its own")
        seen[row.id] = number
        rows.append(row)
    if not rows:
        raise UsageError(f'{path} holds no question; write one {{"id": ..., "question": ...}} a line')
    return rows


def _row(line: str, where: str) -> QuestionRow:
    """Read one line; `where` names it in the error."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f'{where} is not JSON ({error}); expected {{"id": ..., "question": ...}}') from error
    if not isinstance(row, dict):
        raise UsageError(f'{where} is {type(row).__name__}, expected an object {{"id": ..., "question": ...}}')
    identity, question = row.get("id"), row.get("question")
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise UsageError(f"{where} has the id {identity!r}; expected a string or a whole number")
    if not isinstance(question, str):
        raise UsageError(f"{where} has the question {question!r}; expected a string")
    if not is_storable(question) or (isinstance(identity, str) and not is_storable(identity)):
        raise UsageError(f"{where} holds half a surrogate pair; expected text that UTF-8 can store")
    return QuestionRow(identity, question, _previous(row.get("previous"), where))


def _previous(previous: object, where: str) -> tuple[str, ...]:
    """The earlier questions of a conversation: one string, or a list of them; blank ones say nothing."""
    entries = [] if previous is None else [previous] if isinstance(previous, str) else previous
    if not isinstance(entries, list) or not all(isinstance(entry, str) and is_storable(entry) for entry in entries):
        raise UsageError(f"{where} has the previous {previous!r}; expected a string or a list of strings")
    return tuple(entry for entry in entries if entry.strip())


def is_storable(text: str) -> bool:
    """Whether UTF-8 can store it: no lone surrogates, as bytes that are no UTF-8 leave on the command line."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
