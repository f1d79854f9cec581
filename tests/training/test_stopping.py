"""The fit of the stopping rule: what it learns, whose confidences its shifts are taken from, and what it reports."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from qa.enough import Known, Stopping
from training.stopping import Case, Outcome, Risks, figures, fit, log_odds, stopped

FACTS = Known(0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 1.0, 0.0, 0.0, math.log(2))


def made_cases(count: int) -> list[Case]:
    """Asks whose answer changes where the odds are low, and whose view changes where the answer has a digit."""
    noise = np.random.default_rng(1)
    cases = []
    for number in range(count):
        odds, digits = float(noise.normal(scale=2)), float(noise.integers(2))
        changes, grows = noise.uniform() < 1 / (1 + np.exp(3 + 2 * odds)), bool(digits) and noise.uniform() < 0.9
        view = frozenset({("a", "1")})
        whole = Outcome(6, 0.7, True, 1.0, ("other" if changes else "ada", view | {("b", "1")} if grows else view))
        waves = {
            read: Outcome(read, 0.8, True, 1.0, ("ada", view), replace(FACTS, odds=odds, digits=digits, read=at))
            for read, at in ((2, math.log(2)), (4, math.log(4)))
        }
        cases.append(Case("wiki", f"question {number}", True, waves, whole))
    return cases


@pytest.fixture(scope="module")
def rule() -> Stopping:
    values = fit(made_cases(3000), "reader", "judge", Risks(answer=0.05, view=0.2))
    return Stopping.from_json(json.loads(json.dumps(values)), "a test")


def test_each_chance_hangs_on_what_its_change_hangs_on(rule: Stopping) -> None:
    known = replace(FACTS, odds=1.0)
    assert rule.answer.first(known) == pytest.approx(1 / (1 + math.exp(5)), abs=0.01)
    assert rule.answer.first(replace(known, digits=1.0)) == pytest.approx(rule.answer.first(known), abs=0.01)
    assert rule.view.first(replace(known, digits=1.0)) == pytest.approx(0.9, abs=0.03)
    assert rule.view.first(known) < 0.02
    assert rule.stops(known)
    assert not rule.stops(replace(known, digits=1.0))
    assert not rule.stops(replace(known, odds=-2.0))


def test_confidences_are_shifted_by_what_those_lose_that_end_there(rule: Stopping) -> None:
    lost = log_odds(0.7) - log_odds(0.8)
    assert dict(rule.shifts)[2] == pytest.approx(lost, abs=1e-4)
    # The second wave knows what the first one knew, so whoever ends there would have ended before: nobody does.
    assert dict(rule.shifts)[4] == 0.0


def test_a_stopped_ask_has_the_outcome_of_its_wave_and_another_that_of_the_end(rule: Stopping) -> None:
    cases = made_cases(200)
    ended = [stopped(case, rule) for case in cases]
    assert {one.read for one in ended} == {2, 6}
    early = next(one for one in ended if one.read == 2)
    assert early.confidence == pytest.approx(0.7, abs=1e-4)
    assert next(one for one in ended if one.read == 6) == next(
        case.whole for case, one in zip(cases, ended, strict=True) if one.read == 6
    )


def test_the_report_counts_changes_among_all_and_among_those_with_a_view() -> None:
    cases = made_cases(40)
    with_view = replace(cases[0], whole=replace(cases[0].whole, shown=("ada", frozenset({("c", "2")}))))
    without = replace(
        cases[1],
        whole=replace(cases[1].whole, shown=("ada", frozenset())),
        waves={read: replace(one, shown=("ada", frozenset())) for read, one in cases[1].waves.items()},
    )
    values = fit(made_cases(300), "reader", "judge", Risks(answer=1.1, view=1.1))  # whatever comes, stop
    told = figures([with_view, without], Stopping.from_json(values, "a test"))
    assert told["another agreement view, %"] == 50.0
    assert told["the same, of those that have a view, %"] == 100.0
    assert told["read, mean"] == 2.0
