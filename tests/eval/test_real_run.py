"""One run with everything real: loaders, index, encoder, reader, calibration, over three small articles."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from corpus.errors import UsageError
from eval.harness import run
from eval.report.data import read_figure
from eval.settings import RunSettings
from index import build, open_index
from index.encoder import open_encoder
from qa.model_folder import BUNDLED
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


def test_another_reader_is_measured_and_named_and_resumes_none_but_its_own_run(finished, tmp_path):
    _, settings = finished
    folder = tmp_path / "reader"
    shutil.copytree(BUNDLED, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["windows"]["length"] = 300
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    report = run(replace(settings, reader=str(folder), out=tmp_path / "run")).to_json()
    assert report["settings"]["calibration"] == "none"
    assert report["settings"]["reader"] not in {None, finished[0]["settings"]["reader"]}
    with pytest.raises(UsageError, match="reader"):
        run(replace(settings, reader=str(folder)))
