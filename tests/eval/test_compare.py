from __future__ import annotations

import json
from math import nan

import pytest

from corpus.errors import DatasetError, UsageError
from eval.compare import compare_runs, p_text, verdict
from eval.significance import PairedTest
from eval.verdicts import comparison_text


def finished(folder, columns, sha="s"):
    """A run's folder with these scores, `columns` by figure."""
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps({"dataset": {"sha256": sha}, "figures": {}}))
    size = len(next(iter(columns.values())))
    rows = [
        {"id": f"q{n}", "error": None, "scores": {name: values[n] for name, values in columns.items()}}
        for n in range(size)
    ]
    (folder / "scores.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_clear_win(tmp_path):
    a = finished(tmp_path / "a", {"end-to-end.F1": [0.5] * 40})
    b = finished(tmp_path / "b", {"end-to-end.F1": [0.5] * 20 + [0.6] * 20})
    (figure,) = compare_runs(a, b).figures
    assert figure.verdict.startswith("B is better on F1, all questions (end-to-end) by 5.0 (")
    assert figure.verdict.endswith("p < 0.001")
    assert (len(figure.won), len(figure.lost)) == (20, 0)
    (back,) = compare_runs(b, a).figures
    assert back.verdict.startswith("A is better on F1, all questions (end-to-end) by 5.0 (")
    assert (len(back.won), len(back.lost)) == (0, 20)


def test_cannot_tell(tmp_path):
    a = finished(tmp_path / "a", {"end-to-end.F1": [0.0, 1.0, 0.0, 1.0, 0.0]})
    b = finished(tmp_path / "b", {"end-to-end.F1": [1.0, 0.0, 0.0, 1.0, 1.0]})
    (figure,) = compare_runs(a, b).figures
    assert figure.verdict.startswith("cannot tell A from B on F1")
    assert figure.won == ("q0", "q4")
    assert figure.lost == ("q1",)


def test_a_figure_where_less_is_better(tmp_path):
    a = finished(tmp_path / "a", {"end-to-end.wrongly_abstained": [1.0] * 30})
    b = finished(tmp_path / "b", {"end-to-end.wrongly_abstained": [0.0] * 30})
    (figure,) = compare_runs(a, b).figures
    assert figure.verdict.startswith("B is better on abstained, answerable (end-to-end) by 100.0 (100.0 to 100.0)")
    assert len(figure.won) == 30


def test_only_questions_that_both_scored_are_paired(tmp_path):
    a = finished(tmp_path / "a", {"reader.EM": [1.0, None, 0.0, 1.0], "reader.F1": [None] * 4})
    b = finished(tmp_path / "b", {"reader.EM": [1.0, 1.0, None], "reader.F1": [1.0] * 3}, sha="other")
    found = compare_runs(a, b)
    assert [figure.test.n for figure in found.figures] == [1]
    assert (found.shared, found.only_a, found.only_b, found.same_set) == (3, 1, 0, False)
    assert "WARNING" in comparison_text(found)


def test_the_text_has_every_part(tmp_path):
    a = finished(tmp_path / "a", {"retrieval.nDCG@10": [0.2] * 30, "retrieval.recall@1": [0.0, 1.0] * 15})
    b = finished(tmp_path / "b", {"retrieval.nDCG@10": [0.4] * 30, "retrieval.recall@1": [1.0, 0.0] * 15})
    text = comparison_text(compare_runs(a, b))
    assert (
        "| retrieval.nDCG@10 | 0.200 | 0.400 | 0.200 | 0.200 to 0.200 | p < 0.001 | p < 0.001 | 30 | 0 | 30 |" in text
    )
    assert "B is better on nDCG@10 (retrieval) by 0.200" in text
    assert "cannot tell A from B on recall@1" in text
    assert "1 of 2 figures differ at p < 0.05; 1 of them also after Holm's" in text
    assert "B better on 30: q0, q1" in text
    assert "and 20 more" in text


def test_the_sentence_of_the_issue():
    test = PairedTest(difference=0.018, low=0.006, high=0.03, p=0.004, n=900, wins=50, losses=30)
    assert verdict("end-to-end.F1_answerable", test) == (
        "B is better on F1, answerable (end-to-end) by 1.8 (0.6 to 3.0), p = 0.004"
    )
    # Significant by its p, but with an interval that holds 0: not decided.
    unsure = PairedTest(difference=0.018, low=-0.001, high=0.03, p=0.049, n=900, wins=50, losses=30)
    assert verdict("end-to-end.F1", unsure).startswith("cannot tell")


def test_p_is_never_nought():
    assert p_text(0.0004) == "p < 0.001"
    assert p_text(0.0409) == "p = 0.041"


def test_wrong_calls(tmp_path):
    a = finished(tmp_path / "a", {"reader.EM": [1.0]})
    with pytest.raises(UsageError, match="does not exist"):
        compare_runs(a, tmp_path / "nowhere")
    b = finished(tmp_path / "b", {"reader.EM": [1.0]})
    (b / "scores.jsonl").write_text('{"id": "other", "scores": {}}\n')
    with pytest.raises(UsageError, match="share no question"):
        compare_runs(a, b)
    (b / "report.json").write_text("[]")
    with pytest.raises(DatasetError, match="not a report"):
        compare_runs(a, b)


def test_nan_never_reaches_a_report():
    with pytest.raises(ValueError, match="Out of range"):
        json.dumps(nan, allow_nan=False)
