from __future__ import annotations

import json

import pytest

from corpus.errors import UsageError
from eval.gate import check_gate, record_gate


def report(path, em, abstained, sha="s"):
    figure = {"low": None, "high": None, "n": 100, "excluded": 0}
    figures = {
        "EM": {**figure, "value": em, "low": em - 0.1, "high": em + 0.1},
        "wrongly_abstained": {**figure, "value": abstained, "low": abstained - 0.05, "high": abstained + 0.05},
        "F1_span": {**figure, "value": None},
    }
    content = {"dataset": {"sha256": sha, "name": "x"}, "settings": {}, "figures": {"end-to-end": figures}}
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def recorded(tmp_path):
    record_gate(report(tmp_path / "old.json", 0.6, 0.2), tmp_path / "recorded.json")
    return tmp_path / "recorded.json"


def test_only_headline_figures_with_a_value_are_recorded(recorded):
    assert set(json.loads(recorded.read_text())["figures"]["end-to-end"]) == {"EM", "wrongly_abstained"}


@pytest.mark.parametrize(
    ("em", "abstained", "passed"),
    [
        (0.6, 0.2, [True, True]),
        (0.5, 0.25, [True, True]),  # the very ends of the recorded intervals
        (0.49, 0.2, [False, True]),
        (0.9, 0.26, [True, False]),  # here more is worse
        (0.6, 0.0, [True, True]),
    ],
)
def test_the_recorded_interval_is_the_limit(tmp_path, recorded, em, abstained, passed):
    results = check_gate(report(tmp_path / "new.json", em, abstained), recorded)
    assert [result.passed for result in results] == passed
    assert str(results[0]).startswith("ok  " if passed[0] else "FAIL")


def test_a_figure_that_is_gone_fails(tmp_path, recorded):
    path = report(tmp_path / "new.json", 0.6, 0.2)
    content = json.loads(path.read_text())
    del content["figures"]["end-to-end"]["EM"]
    path.write_text(json.dumps(content))
    assert [result.passed for result in check_gate(path, recorded)] == [False, True]


def test_another_state_of_the_set_must_be_recorded_anew(tmp_path, recorded):
    with pytest.raises(UsageError, match="--record"):
        check_gate(report(tmp_path / "new.json", 0.6, 0.2, sha="t"), recorded)
    with pytest.raises(UsageError, match="does not exist"):
        check_gate(tmp_path / "nowhere.json", recorded)
