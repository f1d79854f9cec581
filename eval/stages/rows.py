"""The row of predictions.jsonl: the JSON answer, the gold, and the facts that the figures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from corpus.errors import UsageError
from corpus.types import Passage
from eval.gold import GoldDocuments, gold_rank
from eval.ranking import first_of_each
from eval.types import Question, Stage
from qa.pipeline import checked_question
from qa.serialise import answer_to_json
from qa.types import Answer, Timings
from qa.verification import verify_answer

Row = dict[str, Any]


class StageRunner(Protocol):
    """Measures one question at a time."""

    def measure(self, question: Question) -> Row:
        """The row of predictions.jsonl for this question."""


class Asks(Protocol):
    """What a stage needs of a pipeline."""

    def ask(self, question: str, *, top_k: int | None = None, target_error: float | None = None) -> Answer:
        """Answer one question; UsageError for one that cannot be asked."""


def answer_row(stage: Stage, question: Question, answer: Answer, ranked: Sequence[Passage], gold: GoldDocuments) -> Row:
    """The row of an answer (an abstention too); `ranked` are the passages found, best first."""
    row = answer_to_json(answer, question.id)
    relevant = gold.relevant(question)
    nearest = [scored.passage for scored in answer.nearest]
    facts = {
        "stage": stage.value,
        "relevant": relevant,
        "ranking": first_of_each([passage.document_id for passage in ranked]),
        "gold_rank": gold_rank(question, relevant, ranked),
        "read": gold_rank(question, relevant, nearest) is not None,
        "indexed": bool(question.answers) and gold.indexed(question),
        "verbatim": None if answer.abstained else not verify_answer(row, gold.store),
        "gold_excerpt": gold.excerpt(question),
    }
    return {**row, "gold": list(question.answers), "evaluation": facts}


def refusal(question: Question) -> str | None:
    """Why a question cannot be asked (too long, say); it then costs its own row, not the run."""
    try:
        checked_question(question.text)
    except UsageError as error:
        return str(error)
    return None


def unanswered(question: str, reason: str, retrieve_ms: float = 0.0) -> Answer:
    """What stands for an answer where nothing was read."""
    return Answer(
        question=question,
        text=None,
        confidence=0.0,
        citations=(),
        alternatives=(),
        reason=reason,
        timings=Timings(retrieve=retrieve_ms, read=0.0, total=retrieve_ms),
    )
