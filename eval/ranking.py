"""Retrieval metrics of ranked documents, computed by ir_measures (trec_eval), never by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.types import Question

RECALL_DEPTHS = (1, 2, 5, 10, 20, 50)
"""Depths at which recall is taken; the report's headline figures are those at 1, 5, 10 and 50."""

RANKING_METRICS = (*(f"recall@{depth}" for depth in RECALL_DEPTHS), "MRR@10", "nDCG@10", "MAP")
"""The names under which a report shows what ir_measures calls R@k, RR@10, nDCG@10 and AP."""


def ranking_scores(
    questions: Sequence[Question],
    relevant: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
) -> dict[str, dict[str, float]]:
    """Scores by question id, then by metric name, of the questions that have a relevant document.

    `relevant` maps question id to document id to grade, `rankings` maps question id to document ids, best first. A
    judged question with an empty ranking scores 0; a question without gold is absent, never 0.
    """
    import ir_measures  # its providers take long to import; `--help` must not

    measures = {name: ir_measures.parse_measure(_official(name)) for name in RANKING_METRICS}
    names = {measure: name for name, measure in measures.items()}
    qrels = {question.id: dict(relevant[question.id]) for question in questions if relevant.get(question.id)}
    if not qrels:
        return {}
    # Ranks become falling scores, so that trec_eval's own order among ties cannot differ from ours.
    run = {
        identity: {document: float(-rank) for rank, document in enumerate(rankings.get(identity, ()))}
        for identity in qrels
    }
    scores: dict[str, dict[str, float]] = {identity: {} for identity in qrels}
    for metric in ir_measures.iter_calc(list(measures.values()), qrels, run):
        scores[metric.query_id][names[metric.measure]] = float(metric.value)
    return scores


def first_of_each(document_ids: Sequence[str]) -> list[str]:
    """Passage rankings judged by document: each document at the place of its best passage."""
    return list(dict.fromkeys(document_ids))


def _official(name: str) -> str:
    return {"MRR@10": "RR@10", "MAP": "AP"}.get(name, name.replace("recall@", "R@"))
