"""One question after one stage: a row of predictions.jsonl, taken apart for scoring and for the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.types import Span
from eval.attribution import Facts
from eval.metrics import is_right
from eval.types import Dataset, Question, Stage
from qa.serialise import answer_from_json
from qa.types import Alternative, Answer

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage found for one question."""

    question: Question
    stage: Stage
    answer: Answer
    candidates: tuple[Alternative, ...]
    """Best first; the first is the answer, or what an abstention kept back."""
    relevant: dict[str, int]
    """Grades of the documents that should be found, by id; a document that is not indexed has an id that none bears."""
    ranking: tuple[str, ...]
    """Document ids, best first."""
    gold_rank: int | None
    """Place, from 1, of the first passage in the ranking of passages that holds the gold answer."""
    read: bool
    """Whether a passage that holds the gold answer was read."""
    indexed: bool
    verbatim: bool | None
    gold_excerpt: Row | None
    """The gold answer in its article: title, source, text and spans (in coordinates of that text)."""
    top: tuple[Row, ...] = ()
    """Title, source and text of the first passages found, where nothing was read."""

    @property
    def best(self) -> str | None:
        """The words of the best candidate, given or kept back."""
        return self.candidates[0].answer if self.candidates else None

    @property
    def best_right(self) -> bool:
        """Whether the best candidate's words are right; never for a question without answer."""
        return bool(self.question.answers) and is_right(self.best, self.question.answers)

    @property
    def cites_gold(self) -> bool | None:
        """Whether the best candidate stands in a document that the set names; None where it names none."""
        if not self.relevant:
            return None
        return bool(self.candidates) and self.candidates[0].citation.document_id in self.relevant


def outcome_of(row: Row, question: Question) -> Outcome:
    """Read back a row of a journal; ValueError names what is missing from one that no run wrote."""
    answer = answer_from_json(row)
    facts = row.get("evaluation")
    if not isinstance(facts, dict) or not facts.keys() >= _FACTS:
        raise ValueError('"evaluation" is missing or incomplete')
    given = (Alternative(answer.text, answer.confidence, answer.citations[0]),) if answer.text is not None else ()
    return Outcome(
        question=question,
        stage=Stage(facts["stage"]),
        answer=answer,
        candidates=(*given, *answer.alternatives),
        relevant=facts["relevant"],
        ranking=tuple(facts["ranking"]),
        gold_rank=facts["gold_rank"],
        read=facts["read"],
        indexed=facts["indexed"],
        verbatim=facts["verbatim"],
        gold_excerpt=facts["gold_excerpt"],
        top=tuple(facts.get("top", ())),
    )


_FACTS = {"stage", "relevant", "ranking", "gold_rank", "read", "indexed", "verbatim", "gold_excerpt"}


def facts_of(outcome: Outcome, dataset: Dataset) -> Facts:
    """What the classes of error are decided from."""
    question = outcome.question
    chosen = [_place(candidate) for candidate in outcome.candidates[:1]]
    others = [candidate for candidate in outcome.candidates[1:] if _place(candidate) not in chosen]
    return Facts(
        answerable=bool(question.answerable),
        abstained=outcome.answer.abstained,
        best_right=outcome.best_right,
        article_right=not dataset.documents_exhaustive or outcome.cites_gold is not False,
        indexed=outcome.indexed,
        retrieved=outcome.gold_rank is not None,
        read=outcome.read,
        right_elsewhere=any(is_right(other.answer, question.answers) for other in others),
    )


def _place(candidate: Alternative) -> tuple[str, Span]:
    """The passage that a candidate was read in."""
    return candidate.citation.document_id, candidate.citation.passage
