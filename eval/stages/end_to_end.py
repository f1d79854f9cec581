"""The end-to-end stage: the question goes in as a user would ask it, the answer comes out as a user would see it."""

from __future__ import annotations

from eval.gold import GoldDocuments
from eval.settings import RunSettings
from eval.stages.rows import Asks, Row, answer_row, refusal, unanswered
from eval.types import Question, Stage
from qa.retriever import Retriever


class EndToEndStage:
    """Asks the whole pipeline; the retriever is asked once more, deeper, to tell how far down the gold was."""

    def __init__(self, pipeline: Asks, retriever: Retriever, gold: GoldDocuments, settings: RunSettings) -> None:
        self._pipeline = pipeline
        self._retriever = retriever
        self._gold = gold
        self._settings = settings

    def measure(self, question: Question) -> Row:
        """The answer with everything that attribution needs."""
        settings = self._settings
        reason = refusal(question)
        if reason is not None:
            return answer_row(Stage.END_TO_END, question, unanswered(question.text, reason), (), self._gold)
        answer = self._pipeline.ask(question.text, top_k=settings.top_k, target_error=settings.target_error)
        ranked = [scored.passage for scored in self._retriever.search(question.text, settings.depth)]
        return answer_row(Stage.END_TO_END, question, answer, ranked, self._gold)
