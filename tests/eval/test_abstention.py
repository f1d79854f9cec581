from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.abstention import (
    abstention_statistics,
    aurc,
    auroc,
    coverage_at_precision,
    expected_calibration_error,
    reliability,
    risk_coverage,
)

CONFIDENCE = np.array([0.9, 0.8, 0.7, 0.6])
RIGHT = np.array([1.0, 0.0, 1.0, 0.0])


def test_risk_coverage_by_hand():
    coverage, risk = risk_coverage(CONFIDENCE, RIGHT)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc(CONFIDENCE, RIGHT) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_auroc_by_hand():
    # Pairs (right, wrong): .9>.8, .9>.6, .7<.8, .7>.6 -> 3 of 4.
    assert auroc(CONFIDENCE, RIGHT) == 0.75
    assert auroc(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == 0.5
    assert np.isnan(auroc(CONFIDENCE, np.ones(4)))


def test_coverage_at_precision_by_hand():
    assert coverage_at_precision(CONFIDENCE, RIGHT, 0.8) == 0.25
    assert coverage_at_precision(CONFIDENCE, RIGHT, 0.6) == 0.75
    assert coverage_at_precision(CONFIDENCE, RIGHT, 0.5) == 1.0
    assert coverage_at_precision(CONFIDENCE, np.zeros(4), 0.8) == 0.0
    # A threshold cannot part equal confidences.
    assert coverage_at_precision(np.array([0.9, 0.9]), np.array([1.0, 0.0]), 0.8) == 0.0
    # Nine of ten are 90 %, whatever floating point says of 0.9 * 10.
    assert coverage_at_precision(np.linspace(1, 0.1, 10), np.array([1.0] * 9 + [0.0]), 0.9) == 1.0


def test_calibration_by_hand():
    confidence, right = np.array([0.92, 0.98, 0.15, 1.0]), np.array([1.0, 0.0, 0.0, 1.0])
    low, high = reliability(confidence, right)
    assert (low.count, low.low, low.accuracy) == (1, 0.1, 0.0)
    assert (high.count, high.high) == (3, 1.0)
    assert high.confidence == pytest.approx(2.9 / 3)
    assert expected_calibration_error(confidence, right) == pytest.approx((1 * 0.15 + 3 * abs(2.9 / 3 - 2 / 3)) / 4)


def test_a_perfect_confidence():
    confidence, right = np.array([1.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0])
    assert auroc(confidence, right) == 1.0
    assert expected_calibration_error(confidence, right) == 0.0
    assert coverage_at_precision(confidence, right, 0.95) == pytest.approx(2 / 3)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=1, max_size=30), st.randoms())
def test_no_figure_depends_on_the_order_of_rows(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    first, second = (
        abstention_statistics(np.array([c for c, _ in part]), np.array([float(r) for _, r in part]))
        for part in (rows, shuffled)
    )
    assert np.allclose(first, second, equal_nan=True)
