"""AUROC over passages put to a question, with and without those whose labels were judged wrong by hand."""

from __future__ import annotations

import re

import pytest

from benchmarks.wrong_article import Judged, figures_of, mark, wrongly_labelled
from corpus.types import Passage, Span
from qa.types import Reading, SpanCandidate


def reading(score: float) -> Reading:
    passage = Passage("d:0-9", "d", Span(0, 9), "Ada said.")
    return Reading(passage, (SpanCandidate(Span(0, 3), score),), relevance=score / 2)


FOUND = [
    Judged((reading(4), reading(5), reading(1)), ("right", "answers too", "wrong"), (0.4, 0.5, 0.1), held_out=True),
    Judged((reading(0), reading(2)), ("does not answer", "wrong"), (0.0, 0.2), held_out=False),
]


def test_every_pair_of_a_right_and_a_wrong_passage_counts_once() -> None:
    figures = figures_of(FOUND, relevance=True)
    # 4 is above 1 and 2 and below 5, 0 is above none.
    assert figures["passages"] == 5
    assert figures["lead"] == figures["relevance"] == figures["both"] == pytest.approx(2 / 6)
    assert figures["the product's strength, held out"] == pytest.approx(1 / 2)


def test_of_each_question_the_first_wrong_passage_alone() -> None:
    figures = figures_of(FOUND, relevance=False, most=2)
    assert figures["passages"] == 4
    assert figures["lead"] == pytest.approx(1 / 4)


def test_passages_judged_to_be_of_the_other_kind_are_left_out() -> None:
    figures = figures_of(FOUND, relevance=False, left_out=frozenset({"answers too", "does not answer"}))
    assert figures["passages"] == 3
    assert figures["lead"] == figures["the product's strength, held out"] == 1.0


def test_what_was_judged_is_known_by_question_and_words() -> None:
    judged = wrongly_labelled()
    assert len(judged) == 33
    assert all(re.fullmatch("[0-9a-f]{12}", one) for one in judged)
    assert mark("Who?", "Anna.") == mark("Who?", "Anna.") != mark("Where?", "Anna.")
