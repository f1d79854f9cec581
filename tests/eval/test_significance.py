from __future__ import annotations

from math import nan

import numpy as np
import pytest

from eval.abstention import auroc
from eval.significance import Statistic, holm, mean_figures, paired_test, sign_flip_p, statistic_figures


def test_mean_and_exclusion():
    figure = mean_figures({"x": np.array([1.0, nan, 0.0, 1.0])}, seed=0)["x"]
    assert (figure.value, figure.n, figure.excluded) == (pytest.approx(2 / 3), 3, 1)
    assert figure.low < figure.value < figure.high


def test_a_figure_without_gold_is_undefined_not_zero():
    figure = mean_figures({"x": np.array([nan, nan])}, seed=0)["x"]
    assert (figure.value, figure.low, figure.high, figure.n, figure.excluded) == (None, None, None, 0, 2)


def test_interval_of_a_share_is_close_to_the_normal_one():
    values = np.array([1.0] * 300 + [0.0] * 100)
    figure = mean_figures({"x": values}, seed=1)["x"]
    half = 1.96 * np.sqrt(0.75 * 0.25 / 400)
    assert figure.low == pytest.approx(0.75 - half, abs=0.006)
    assert figure.high == pytest.approx(0.75 + half, abs=0.006)


def test_intervals_cover_the_truth_about_95_times_in_100():
    draws = np.random.default_rng(5)
    covered = 0
    for trial in range(200):
        figure = mean_figures({"x": (draws.random(60) < 0.4).astype(float)}, seed=trial)["x"]
        covered += figure.low <= 0.4 <= figure.high
    assert 178 <= covered <= 199


def test_the_seed_decides():
    columns = {"x": np.random.default_rng(0).random(50)}
    assert mean_figures(columns, seed=3) == mean_figures(columns, seed=3)
    assert mean_figures(columns, seed=3) != mean_figures(columns, seed=4)


def test_columns_do_not_disturb_one_another():
    values = np.random.default_rng(0).random(50)
    alone = mean_figures({"x": values}, seed=0)["x"]
    beside = mean_figures({"y": np.full(50, nan), "x": values}, seed=0)["x"]
    assert (beside.low, beside.high) == pytest.approx((alone.low, alone.high))


def test_statistics_that_are_no_means():
    confidence, right = np.linspace(0, 1, 40), (np.arange(40) % 3 > 0).astype(float)
    statistic = Statistic(("AUROC",), lambda c, r: np.array([auroc(c, r)]))
    figure = statistic_figures(statistic, (confidence, right), excluded=2, seed=0)["AUROC"]
    assert figure.value == auroc(confidence, right)
    assert figure.low <= figure.value <= figure.high
    assert (figure.n, figure.excluded) == (40, 2)
    undefined = statistic_figures(statistic, (confidence, np.ones(40)), excluded=2, seed=0)["AUROC"]
    assert (undefined.value, undefined.n, undefined.excluded) == (None, 0, 42)


def test_sign_flips_counted_out():
    # All 8 signings of (1, 1, 1): the two extreme ones reach a sum of 3.
    assert sign_flip_p(np.array([1.0, 1.0, 1.0, 0.0]), seed=0) == 2 / 8
    assert sign_flip_p(np.array([1.0, -1.0]), seed=0) == 1.0
    assert sign_flip_p(np.zeros(5), seed=0) == 1.0


def test_sampled_flips_agree_with_the_normal_approximation():
    difference = np.array([1.0] * 60 + [-1.0] * 40)
    # Binomial(100, 1/2) reaching 60 or more on either side: 0.0569.
    assert sign_flip_p(difference, seed=0) == pytest.approx(0.0569, abs=0.006)


def test_a_p_value_is_never_zero():
    assert 0 < sign_flip_p(np.ones(200), seed=0) < 0.001


def test_under_the_null_one_test_in_twenty_is_significant():
    draws = np.random.default_rng(2)
    found = sum(sign_flip_p(draws.standard_normal(12), seed=0) < 0.05 for _ in range(400))
    assert 8 <= found <= 34


def test_paired_test_counts_wins_and_losses():
    test = paired_test(np.array([0.0, 1.0, 0.5]), np.array([1.0, 0.0, 0.5]), seed=0)
    assert (test.difference, test.wins, test.losses, test.n, test.p) == (0.0, 1, 1, 3, 1.0)
    assert not test.decided
    clear = paired_test(np.zeros(30), np.ones(30), seed=0)
    assert clear.decided
    assert (clear.low, clear.high) == (1.0, 1.0)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
