"""The questions as the page lists them: what was asked, said and wanted, with the passages and their marks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.types import Span
from eval.attribution import ErrorClass
from eval.datasets import question_kind
from eval.outcomes import Outcome
from eval.report.marking import Segments, occurrences, segments
from qa.types import Citation

Json = dict[str, Any]

_MARGIN = 400
"""Characters of a passage shown on either side of an answer: a page of ten thousand questions must still open."""


def question_rows(
    outcomes: Sequence[Outcome],
    scores: Mapping[str, Mapping[str, float | None]],
    errors: Mapping[str, ErrorClass],
) -> Iterator[Json]:
    """One row a question, in the order of the set."""
    for outcome in outcomes:
        question, found = outcome.question, scores[outcome.question.id]
        error = errors.get(question.id)
        yield {
            "id": question.id,
            "question": question.text,
            "kind": question_kind(question),
            "set": question.group,
            "form": question.form,
            "gold": list(question.answers),
            "answerable": question.answerable,
            "answer": outcome.answer.text,
            "reason": outcome.answer.reason,
            "confidence": outcome.answer.confidence,
            "f1": _score(found, outcome, "F1"),
            "em": _score(found, outcome, "EM"),
            "rank": _first_relevant(outcome),
            "gold_rank": outcome.gold_rank,
            "ms": outcome.answer.timings.total,
            "error": error.value if error else "",
            "candidates": list(_candidates(outcome)),
            "top": [{**one, "pieces": [[one["text"], ""]]} for one in outcome.top],
            "gold_excerpt": _gold_excerpt(outcome),
        }


def _score(found: Mapping[str, float | None], outcome: Outcome, name: str) -> float | None:
    value = found.get(f"{outcome.stage.value}.{name}")
    return None if value is None or math.isnan(value) else value


def _first_relevant(outcome: Outcome) -> int | None:
    """Rank, from 1, of the first document that the set names."""
    ranks = (rank for rank, document in enumerate(outcome.ranking, start=1) if document in outcome.relevant)
    return next(ranks, None)


def _candidates(outcome: Outcome) -> Iterator[Json]:
    """The candidates, each with its passage; one from the passage of the one before it is told without it."""
    shown: tuple[str, Span] | None = None
    for one in outcome.candidates:
        place = (one.citation.document_id, one.citation.passage)
        passage = {} if place == shown else {"pieces": _pieces(one.citation, outcome)}
        shown = place
        told = {"answer": one.answer, "confidence": one.confidence}
        yield {**told, "title": one.citation.title, "source": one.citation.source, **passage}


def _pieces(citation: Citation, outcome: Outcome) -> Segments:
    """The passage, cut to the surroundings of the answer where it is long, with the marks."""
    span = citation.span.shift(-citation.passage.start)
    window = Span(max(0, span.start - _MARGIN), min(len(citation.passage_text), span.end + _MARGIN))
    text = window.of(citation.passage_text)
    gold_here = not outcome.relevant or citation.document_id in outcome.relevant
    gold = occurrences(text, outcome.question.answers) if gold_here else []
    pieces = segments(text, [span.shift(-window.start)], gold)
    before, after = [["… ", ""]], [[" …", ""]]
    return (before if window.start else []) + pieces + (after if window.end < len(citation.passage_text) else [])


def _gold_excerpt(outcome: Outcome) -> Json | None:
    """The place of the gold answer in its article, where the run found one."""
    excerpt = outcome.gold_excerpt
    if excerpt is None:
        return None
    spans = [Span(start, end) for start, end in excerpt["spans"]]
    return {"title": excerpt["title"], "source": excerpt["source"], "pieces": segments(excerpt["text"], [], spans)}
