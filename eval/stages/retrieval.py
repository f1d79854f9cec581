"""The retrieval stage: what is found, nothing read."""

from __future__ import annotations

from time import perf_counter

from eval.gold import GoldDocuments
from eval.stages.rows import Row, answer_row, unanswered
from eval.types import Question, Stage
from qa.retriever import Retriever

_TOP = 3
_NOT_READ = "Only retrieval is measured: nothing was read."


class RetrievalStage:
    """Ranks passages for each question."""

    def __init__(self, retriever: Retriever, gold: GoldDocuments, depth: int) -> None:
        self._retriever = retriever
        self._gold = gold
        self._depth = depth

    def measure(self, question: Question) -> Row:
        """The ranking of documents, judged by each one's best passage; the first few passages for the reader's eye."""
        begun = perf_counter()
        found = self._retriever.search(question.text, self._depth)
        milliseconds = round(1000 * (perf_counter() - begun), 1)
        ranked = [scored.passage for scored in found]
        row = answer_row(
            Stage.RETRIEVAL, question, unanswered(question.text, _NOT_READ, milliseconds), ranked, self._gold
        )
        row["evaluation"]["top"] = [self._shown(passage.document_id, passage.text) for passage in ranked[:_TOP]]
        return row

    def _shown(self, document_id: str, text: str) -> dict[str, str]:
        document = self._gold.store.document(document_id)
        return {"title": document.title, "source": document.source, "text": text}
