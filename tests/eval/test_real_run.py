"""One run with everything real: loaders, index, encoder, reader, calibration, over three small articles."""

from __future__ import annotations

import json

import pytest

from eval.harness import run
from eval.report.data import read_figure
from eval.settings import RunSettings
from index import build, open_index
from index.encoder import open_encoder
from qa.verification import verify_answer

ROWS = [
    {"id": "q1", "question": "How much did the tram cost?", "answers": ["48 million pounds"], "document": "tram.txt"},
    {"id": "q2", "question": "Who built the battery at Dunfell?", "answers": ["Ana Ruiz"], "document": "salt.txt"},
    {"id": "q3", "question": "Who conducted the opera in Vienna?", "answers": [], "document": None},
]


@pytest.fixture(scope="module")
def finished(module_bench):
    place = module_bench.folder / "real.index"
    build([module_bench.articles], place, encoder=open_encoder())
    path = module_bench.write_rows(ROWS)
    settings = RunSettings(dataset=f"citespan:{path}", out=module_bench.folder / "real", index=place)
    return run(settings).to_json(), settings


def test_the_articles_are_found_and_the_answers_cited(finished):
    report, settings = finished
    assert read_figure(report, "retrieval.recall@5").value == 1.0
    assert read_figure(report, "retrieval.recall@1").n == 2
    assert read_figure(report, "end-to-end.answer_recall").value == 1.0
    assert report["settings"]["reader"]
    engine = open_index(settings.index)
    rows = [json.loads(line) for line in (settings.out / "predictions.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["q1", "q2", "q3"]
    for row in rows:
        assert verify_answer(row, engine) == []
    engine.close()


def test_every_question_is_right_or_in_one_class(finished):
    report, _ = finished
    errors = report["errors"]
    assert sum(found["count"] for found in errors["classes"].values()) == errors["wrong"]
    assert errors["judged"] == 3
