import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelError
from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.calibration import Calibration, Curve, Scoring, competing_shares
from qa.model_folder import BUNDLED, ModelFolder
from qa.types import Evidence, SpanCandidate

VALUES: dict[str, Any] = {
    "reader": "fake",
    "features": ["margin", "fused"],
    "means": [1.0, 0.5],
    "scales": [2.0, 0.25],
    "weights": [0.8, 0.4],
    "bias": -0.5,
    "curve": {"slope": 2.0, "intercept": 0.5},
    "thresholds": [[0.1, 0.8], [0.2, 0.6], [0.4, 0.65], [1.0, 0.0]],
    "default_target_error": 0.2,
}


def evidence(text: str, score: float, fused: float = 0.5, source: str = "a") -> Evidence:
    document = Document.create(source=source, text=text, title="")
    passage = Passage.of(document, Span(0, len(text)))
    return Evidence(SpanCandidate(Span(0, len(text)), score), ScoredPassage(passage, fused))


def test_shares_by_hand() -> None:
    shares = competing_shares(np.array([math.log(2), math.log(5), 0.0]))
    assert shares == pytest.approx([2 / 9, 5 / 9, 1 / 9])


@given(st.lists(st.floats(-700, 700), max_size=20))
def test_shares_leave_room_for_no_answer_and_never_overflow(strengths: list[float]) -> None:
    shares = competing_shares(np.array(strengths, dtype=np.float64))
    assert np.isfinite(shares).all()
    assert (shares >= 0).all()
    assert shares.sum() <= 1 + 1e-9
    assert [shares[place] for place in np.argsort(strengths)] == sorted(shares)


def test_confidence_by_hand() -> None:
    (answer,) = Calibration.from_json(VALUES, "a test").judge("Who?", [evidence("Ada", 3.0, 0.75)])
    strength = 0.8 * (3.0 - 1.0) / 2.0 + 0.4 * (0.75 - 0.5) / 0.25 - 0.5
    share = math.exp(strength) / (math.exp(strength) + 1)
    odds = 2.0 * math.log(share / (1 - share)) + 0.5
    assert answer.confidence == pytest.approx(1 / (1 + math.exp(-odds)))


def test_equal_wordings_add_up_and_the_better_place_comes_first() -> None:
    found = [evidence("Ada", 1.0, source="a"), evidence("the Ada", 2.0, source="b"), evidence("Bob", 2.5, source="c")]
    answers = Calibration.from_json(VALUES | {"curve": {"slope": 1.0, "intercept": 0.0}}, "a test").judge("Who?", found)
    assert [answer.text for answer in answers] == ["the Ada", "Bob"]
    first = answers[0]
    assert [place.evidence.text for place in first.places] == ["the Ada", "Ada"]
    assert all(place.score < first.confidence for place in first.places)
    assert first.confidence > answers[1].confidence


def test_a_place_is_worth_what_its_answer_would_be_worth_without_the_other_places() -> None:
    plain = Calibration.from_json(VALUES | {"curve": {"slope": 1.0, "intercept": 0.0}}, "a test")
    ada, bob = evidence("Ada", 2.0, source="a"), evidence("Bob", 1.0, source="c")
    (together, _) = plain.judge("Who?", [ada, evidence("the Ada", 1.5, source="b"), bob])
    (alone, _) = plain.judge("Who?", [ada, bob])
    assert together.places[0].score == pytest.approx(alone.confidence)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Ada", "Bob", "the Ada", "Cleo"]), st.floats(-20, 20)), min_size=1, max_size=12
    ),
    st.floats(0.3, 3),
    st.floats(-2, 2),
)
def test_confidences_fall_and_sum_to_one_at_most(rows: list[tuple[str, float]], slope: float, intercept: float) -> None:
    calibration = Calibration.from_json(VALUES | {"curve": {"slope": slope, "intercept": intercept}}, "a test")
    found = [evidence(text, score, source=str(number)) for number, (text, score) in enumerate(rows)]
    answers = calibration.judge("Who?", found)
    confidences = [answer.confidence for answer in answers]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1 + 1e-6
    assert sum(len(answer.places) for answer in answers) == len(rows)
    for answer in answers:
        assert all(place.score <= answer.confidence + 1e-9 for place in answer.places)
        assert len(answer.places) > 1 or answer.places[0].score == pytest.approx(answer.confidence)


def test_no_candidates_no_answers() -> None:
    assert Calibration.from_json(VALUES, "a test").judge("Who?", []) == []


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_curve_keeps_order_and_stays_a_probability(one: float, other: float) -> None:
    curve = Curve(0.9, 0.2)
    assert 0 <= curve(one) <= 1
    if one <= other:
        assert curve(one) <= curve(other)


@pytest.mark.parametrize(
    ("target", "needed"), [(None, 0.6), (0.1, 0.8), (0.15, 0.8), (0.2, 0.6), (0.4, 0.6), (0.99, 0.6), (1.0, 0.0)]
)
def test_the_laxest_threshold_that_keeps_the_target(target: float | None, needed: float) -> None:
    assert Calibration.from_json(VALUES, "a test").threshold(target) == needed


def test_a_target_below_what_was_shown_needs_as_much_confidence_and_a_caveat() -> None:
    calibration = Calibration.from_json(VALUES, "a test")
    assert calibration.threshold(0.05) == 0.95
    assert "cannot be promised" in (calibration.caveat(0.05) or "")
    assert calibration.caveat(0.1) is None
    lax = Calibration.from_json(VALUES | {"thresholds": [[0.6, 0.9]]}, "a test")
    assert lax.threshold(0.5) == 0.9


@given(st.floats(0.001, 1), st.floats(0.001, 1))
def test_a_stricter_target_never_needs_less(one: float, other: float) -> None:
    calibration = Calibration.from_json(VALUES, "a test")
    strict, lax = sorted([one, other])
    assert calibration.threshold(strict) >= calibration.threshold(lax)


@pytest.mark.parametrize(
    "change",
    [
        {"features": ["margin", "unheard-of"]},
        {"means": [1.0]},
        {"weights": ["heavy", 0.1]},
        {"curve": None},
        {"thresholds": [0.1]},
        {"bias": None},
    ],
)
def test_a_malformed_calibration_is_a_model_error(change: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"here\.json is no calibration"):
        Calibration.from_json(VALUES | change, "here.json")


def test_a_missing_calibration_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read"):
        Calibration.load(tmp_path / "calibration.json")


def test_the_fingerprint_follows_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(VALUES), encoding="utf-8")
    loaded = Calibration.load(path)
    assert loaded.fingerprint == Calibration.from_json(VALUES, "a test").fingerprint
    assert loaded.fingerprint != Calibration.from_json(VALUES | {"bias": 0.0}, "a test").fingerprint


def test_a_scoring_needs_a_number_for_every_feature() -> None:
    with pytest.raises(ValueError, match="one mean, scale and weight"):
        Scoring(("margin",), (), (), (), 0.0)


def test_the_bundled_calibration_belongs_to_the_bundled_reader() -> None:
    bundled = Calibration.load()
    assert bundled.reader == ModelFolder.open(BUNDLED).fingerprint
    assert 0 < bundled.threshold() < 1
    errors = [error for error, _ in bundled.thresholds]
    assert errors == sorted(errors)
