"""Retrieval metrics against hand arithmetic, and against ir_measures called directly."""

from __future__ import annotations

from math import log2

import ir_measures
import pytest
from ir_measures import AP, RR, R, nDCG

from eval.ranking import RANKING_METRICS, first_of_each, ranking_scores
from eval.types import Question

QRELS = {"q1": {"d1": 2, "d2": 1}, "q2": {"d3": 1}, "q3": {"d9": 3, "d1": 1, "d2": 1}, "q4": {"d5": 1}}
RANKINGS = {"q1": ["d7", "d1", "d8", "d2"], "q2": [], "q3": ["d9"], "q4": [*(f"x{n}" for n in range(10)), "d5"]}
QUESTIONS = [Question(identity, "?") for identity in (*QRELS, "q5")]


@pytest.fixture(scope="module")
def scores():
    return ranking_scores(QUESTIONS, QRELS, RANKINGS)


def test_by_hand(scores):
    q1 = scores["q1"]
    assert (q1["recall@1"], q1["recall@2"], q1["recall@5"]) == (0.0, 0.5, 1.0)
    assert q1["MRR@10"] == 0.5
    assert q1["MAP"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    ideal = 2 / log2(2) + 1 / log2(3)
    assert q1["nDCG@10"] == pytest.approx((2 / log2(3) + 1 / log2(5)) / ideal)
    assert scores["q4"]["MRR@10"] == 0.0  # found, but below rank 10
    assert scores["q4"]["recall@50"] == 1.0
    assert scores["q4"]["MAP"] == pytest.approx(1 / 11)


def test_an_empty_ranking_scores_zero_and_a_question_without_gold_is_absent(scores):
    assert set(scores["q2"].values()) == {0.0}
    assert "q5" not in scores


def test_every_metric_is_given_for_every_judged_question(scores):
    assert all(set(row) == set(RANKING_METRICS) for row in scores.values())


def test_equal_to_ir_measures(scores):
    run = {q: {d: float(len(docs) - place) for place, d in enumerate(docs)} for q, docs in RANKINGS.items()}
    direct = ir_measures.calc_aggregate([R @ 1, R @ 10, RR @ 10, nDCG @ 10, AP], QRELS, run)
    for name, measure in {
        "recall@1": R @ 1,
        "recall@10": R @ 10,
        "MRR@10": RR @ 10,
        "nDCG@10": nDCG @ 10,
        "MAP": AP,
    }.items():
        ours = [row[name] for row in scores.values()]
        assert sum(ours) / len(ours) == pytest.approx(direct[measure], abs=1e-15)


def test_no_gold_at_all():
    assert ranking_scores(QUESTIONS, {}, RANKINGS) == {}


def test_documents_are_judged_by_their_best_passage():
    assert first_of_each(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]
