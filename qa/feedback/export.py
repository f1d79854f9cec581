"""Verdicts as an evaluation set of the project's own format (docs/design.md, section 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qa.feedback.types import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class FeedbackSet:
    """The rows, and how many questions have none: "wrong" without the right words says nothing to measure by."""

    rows: tuple[dict[str, Any], ...]
    left_out: int


def feedback_set(judgements: Iterable[Judgement]) -> FeedbackSet:
    """One row a question, of the last verdict on it; in the order in which they were first asked about."""
    last: dict[str, Judgement] = {}
    for judgement in judgements:
        last[judgement.question] = judgement
    rows = [row for row in map(_row, last.values()) if row is not None]
    return FeedbackSet(tuple(rows), len(last) - len(rows))


def _row(judgement: Judgement) -> dict[str, Any] | None:
    name = hashlib.sha256(judgement.question.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    row: dict[str, Any] = {"id": f"feedback-{name}", "question": judgement.question}
    correct = judgement.correct
    if correct is not None:
        return row | {"answers": [correct.quote], "document": correct.source}
    if judgement.verdict is Verdict.RIGHT and judgement.answer is not None:
        return row | {"answers": [judgement.answer], "document": judgement.source}
    if judgement.verdict is Verdict.WRONG:
        return None
    wrong = [] if judgement.answer is None else [judgement.answer]
    return row | {"answers": [], "document": None} | ({"wrong_answers": wrong} if wrong else {})
