from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UsageError
from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.types import Evidence, SpanCandidate
from qa.uncalibrated import Uncalibrated, own_word


def evidence(text: str, score: float, source: str = "a") -> Evidence:
    document = Document.create(source=source, text=text, title="")
    passage = Passage.of(document, Span(0, len(text)))
    return Evidence(SpanCandidate(Span(0, len(text)), score), ScoredPassage(passage, 0.5))


def test_the_reader_s_own_word_by_hand() -> None:
    found = [evidence("Ada", 1.0), evidence("Bob", 2.0, "b"), evidence("the Ada", 1.5, "c")]
    best, other = Uncalibrated("x").judge("Who?", found)
    assert best.text == "Bob"
    assert best.confidence == pytest.approx(1 / (1 + math.exp(-2)))
    assert [place.evidence.text for place in other.places] == ["the Ada", "Ada"]
    assert other.confidence == other.places[0].score == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert Uncalibrated("x").judge("Who?", []) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_the_order_is_that_of_the_scores_however_large(scores: list[float]) -> None:
    answers = Uncalibrated("x").judge("Who?", [evidence(f"word{at}", score) for at, score in enumerate(scores)])
    assert [answer.places[0].evidence.candidate.score for answer in answers] == sorted(scores, reverse=True)
    assert all(0 <= answer.confidence <= 1 for answer in answers)


def test_an_answer_is_given_where_the_reader_prefers_it_to_none() -> None:
    assert own_word(0.001) > Uncalibrated("x").threshold() > own_word(-0.001)


def test_no_target_is_promised() -> None:
    with pytest.raises(UsageError, match="cannot be kept"):
        Uncalibrated("x").threshold(0.1)


def test_the_note_names_the_reader_and_what_there_is() -> None:
    assert "reader x:" in Uncalibrated("x").note
    assert "there is one for y" in Uncalibrated("x", ("y",)).note
