"""`--reader` and `--precision`: what is not calibrated is never shown as if it were."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qa.model_folder import BUNDLED
from qa.pipeline import Pipeline, PipelineSettings
from qa.serialise import answer_from_json, answer_to_json

QUESTION = "How many berths does the harbour have?"


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> Path:
    """The bundled reader with other windows, for which its calibration was not fitted; fp32 named and left out."""
    folder = tmp_path_factory.mktemp("readers") / "other"
    shutil.copytree(BUNDLED, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["windows"]["length"] = 300
    manifest["models"] = {"int8": manifest["model"], "fp32": "reader_fp32.onnx"}
    manifest["sha256"]["reader_fp32.onnx"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_another_reader_answers_and_says_that_its_confidence_is_none(citespan, built, other):
    outcome = citespan("ask", QUESTION, "--index", built, "--reader", other, "--json")
    assert outcome.code == 0
    row = json.loads(outcome.out)
    assert row["calibrated"] is False
    assert list(row)[-1] == "calibrated"
    assert "31" in row["answer"]
    assert "no calibration was fitted for the reader" in outcome.error_line
    assert answer_to_json(answer_from_json(row), row["id"]) == row


def test_no_percentage_is_shown_without_a_calibration(citespan, built, other):
    outcome = citespan("ask", QUESTION, "--index", built, "--reader", other)
    assert outcome.code == 0
    assert "31" in outcome.out
    assert "not calibrated for this reader" in outcome.out
    assert "%" not in outcome.out


def test_the_reader_that_comes_along_is_calibrated_and_says_nothing(citespan, built):
    for named in ([], ["--reader", BUNDLED], ["--precision", "int8"]):
        outcome = citespan("ask", QUESTION, "--index", built, "--json", *named)
        assert (outcome.code, outcome.error) == (0, "")
        assert "calibrated" not in json.loads(outcome.out)


def test_a_target_error_needs_a_calibration(citespan, built, other):
    outcome = citespan("ask", QUESTION, "--index", built, "--reader", other, "--target-error", "0.2")
    assert outcome.code == 2
    assert "cannot be kept" in outcome.error.splitlines()[-1]
    assert outcome.out == ""


def test_a_precision_that_is_not_there_names_what_is(citespan, built, other):
    for reader, precision in ((other, "fp32"), (other, "fp16"), (BUNDLED, "fp32")):
        outcome = citespan("ask", QUESTION, "--index", built, "--reader", reader, "--precision", precision)
        assert outcome.code == 1
        assert f"has no {precision} weights, only int8;" in outcome.error_line


@pytest.mark.parametrize("name", ["nobody/no-such-reader", "./nowhere"])
def test_a_reader_that_is_nowhere_is_one_line(citespan, built, name):
    outcome = citespan("ask", QUESTION, "--index", built, "--reader", name)
    assert outcome.code == 1
    assert "there is no reader" in outcome.error_line


def test_an_abstention_of_an_uncalibrated_reader_claims_no_threshold(built, other):
    with Pipeline.load(built, reader=other) as pipeline:
        answer = pipeline.ask("Who won the chess tournament on the moon of Jupiter?")
    assert answer.abstained
    assert not answer.calibrated
    assert "not calibrated" in (answer.reason or "")


def test_python_takes_a_reader_and_a_precision(built, other):
    with Pipeline.load(built, reader=str(BUNDLED), settings=PipelineSettings(precision="int8")) as pipeline:
        assert pipeline.note is None
        assert pipeline.ask(QUESTION).calibrated
    with Pipeline.load(built, reader=other) as pipeline:
        assert not pipeline.ask(QUESTION).calibrated
