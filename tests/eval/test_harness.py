"""Whole runs over a real index, with a pipeline that answers from a table."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from corpus.errors import IndexUnavailableError, UsageError
from eval.attribution import ErrorClass
from eval.harness import run, wanted_stages
from eval.report.data import read_figure
from eval.settings import RetrievalMethod
from eval.types import Dataset, Question, Stage


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Plots and wide bootstraps are tested in their own files; here they would cost seconds a run."""
    monkeypatch.setattr("eval.report.page.plots", lambda report: [])
    monkeypatch.setattr("eval.significance.STATISTIC_RESAMPLES", 50)


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def finished(settings, parts):
    return run(replace(settings, stage=Stage.END_TO_END), parts), settings.out


def test_figures_by_hand(finished):
    report = finished[0].to_json()
    found = {name: read_figure(report, f"end-to-end.{name}") for name in report["figures"]["end-to-end"]}
    # q1 and q6 are right, q2 wrong, q3 and q5 abstained on, q4 answered though unanswerable.
    assert found["EM"].value == pytest.approx(2 / 6)
    assert found["EM_answerable"].value == pytest.approx(2 / 5)
    assert found["F1_answerable"].value == pytest.approx(2 / 5)
    assert found["F1_span"].value == pytest.approx((1 + 0 + 0.8 + 0 + 1) / 5)  # q3 kept "Seventy thousand people" back
    assert found["wrongly_abstained"].value == pytest.approx(2 / 5)
    assert found["abstained_unanswerable"].value == 0.0
    assert (found["abstained_unanswerable"].n, found["abstained_unanswerable"].excluded) == (1, 5)
    assert found["right_article"].value == 1.0  # q1, q2, q6 cite the article that the set names
    assert found["right_article"].n == 3
    assert found["right_and_cited"].value == pytest.approx(2 / 5)
    assert found["verbatim"].value == 1.0
    assert found["verbatim"].n == 4
    assert found["answer_recall"].value == pytest.approx(3 / 5)
    assert report["official"]["end-to-end"]["exact"] == 100.0 * 2 / 6
    # q5's article is not indexed: it counts as not found, it is not left out.
    assert read_figure(report, "retrieval.recall@50").value == pytest.approx(4 / 5)
    assert read_figure(report, "abstention.AUROC").n == 6
    assert read_figure(report, "latency.total_p50").value == 12.5


def test_every_wrong_question_has_its_class(finished):
    errors = finished[0].errors
    assert errors.by_id == {
        "q2": ErrorClass.WRONG_SPAN,
        "q3": ErrorClass.RIGHT_BUT_ABSTAINED,
        "q4": ErrorClass.ANSWERED_UNANSWERABLE,
        "q5": ErrorClass.NOT_IN_INDEX,
    }
    shares = [found["share"] for found in finished[0].to_json()["errors"]["classes"].values()]
    assert sum(shares) == pytest.approx(1.0)


def test_rows_are_the_json_answer_and_the_gold(finished):
    rows = rows_of(finished[1] / "predictions.jsonl")
    assert [row["id"] for row in rows] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert rows[0]["gold"] == ["48 million pounds"]
    assert rows[3]["gold"] == []
    citation = rows[0]["citations"][0]
    assert citation["quote"] == rows[0]["answer"] == "48 million pounds"
    assert citation["source"].endswith("/tram.txt")


def test_an_interrupted_run_goes_on_where_it_was(settings, parts, bench):
    asked, says = bench.asked, bench.says
    settings = replace(settings, stage=Stage.END_TO_END)
    del says["Who designed the tram?"]  # the fourth question fails like a power cut
    with pytest.raises(KeyError):
        run(settings, parts)
    assert len(rows_of(settings.out / "predictions.jsonl")) == 3
    assert not (settings.out / "report.json").exists()
    with (settings.out / "predictions.jsonl").open("ab") as journal:
        journal.write(b'{"id": "q4", "half')
    says["Who designed the tram?"] = ("Marrowick", 0.7)
    asked.clear()
    resumed = run(settings, parts).to_json()
    assert len(asked) == 3
    whole = run(replace(settings, out=settings.out.with_name("whole")), parts).to_json()
    assert resumed["figures"]["end-to-end"] == whole["figures"]["end-to-end"]
    assert resumed["errors"] == whole["errors"]


def test_a_finished_run_asks_nothing_again(finished, settings, parts, bench):
    bench.asked.clear()
    before = (settings.out / "report.json").read_bytes()
    run(replace(settings, stage=Stage.END_TO_END), parts)
    assert bench.asked == []
    assert (settings.out / "report.json").read_bytes() == before


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"top_k": 3}, {"retrieval_method": RetrievalMethod.DENSE}, {"limit": 2}]
)
def test_runs_of_other_settings_are_not_mixed(finished, settings, parts, change):
    with pytest.raises(UsageError, match="holds a run with"):
        run(replace(settings, stage=Stage.END_TO_END, **change), parts)


def test_another_set_or_another_index_is_not_mixed_in(finished, settings, parts, bench):
    settings = replace(settings, stage=Stage.END_TO_END)
    bench.write_article("more.txt", "A late article about nothing much at all.\n")
    bench.build()
    with pytest.raises(UsageError, match=r"passages|generation"):
        run(settings, parts)
    other = bench.write_rows(
        [{"id": "x", "question": "What did the tram cost?", "answers": ["4"], "document": None}], "o.jsonl"
    )
    with pytest.raises(UsageError, match="set"):
        run(replace(settings, dataset=f"citespan:{other}"), parts)


def test_all_stages_and_their_files(settings, parts):
    report = run(settings, parts)
    assert list(report.stages) == [Stage.RETRIEVAL, Stage.READER, Stage.END_TO_END]
    files = {path.name for path in settings.out.iterdir() if not path.name.startswith(".")}
    assert files >= {
        "retrieval.jsonl",
        "reader.jsonl",
        "predictions.jsonl",
        "report.json",
        "report.md",
        "report.html",
        "scores.jsonl",
    }
    reader = {row["id"]: row for row in rows_of(settings.out / "reader.jsonl")}
    # The near miss is read for the question without answer; a context that is not indexed is an abstention.
    assert reader["q4"]["citations"][0]["source"].endswith("/tram.txt")
    assert "not in the index" in reader["q5"]["reason"]
    passage = reader["q1"]["citations"][0]["passage"]
    assert passage["text"][reader["q1"]["citations"][0]["start"] :].startswith("48 million pounds")
    assert rows_of(settings.out / "retrieval.jsonl")[0]["answer"] is None


@pytest.mark.parametrize("method", list(RetrievalMethod))
def test_every_retrieval_method_runs(settings, parts, method):
    settings = replace(settings, stage=Stage.RETRIEVAL, retrieval_method=method)
    report = run(settings, parts).to_json()
    assert read_figure(report, "retrieval.recall@50").value >= 0.6
    assert report["settings"]["retrieval_method"] == method.value
    assert report["errors"] is None


def test_a_set_with_its_own_corpus_is_indexed_and_the_index_reused(tmp_path, settings, parts, bench):
    squad = {
        "version": "2.0",
        "data": [
            {
                "title": "Salt",
                "paragraphs": [
                    {
                        "context": "Ana Ruiz built the battery. It stores heat.",
                        "qas": [
                            {
                                "id": "1",
                                "question": "Who built it?",
                                "answers": [{"text": "Ana Ruiz", "answer_start": 0}],
                            },
                            {"id": "2", "question": "Who sold it?", "answers": []},
                        ],
                    }
                ],
            }
        ],
    }
    (tmp_path / "dev.json").write_text(json.dumps(squad))
    bench.says |= {"Who built it?": ("Ana Ruiz", 0.9), "Who sold it?": ("Ana Ruiz", 0.2)}
    own = replace(settings, dataset=f"squad:{tmp_path / 'dev.json'}", index=tmp_path / "squad.index")
    report = run(own, parts).to_json()
    assert read_figure(report, "reader.EM").value == 1.0
    assert read_figure(report, "end-to-end.EM").value == 1.0
    assert read_figure(report, "retrieval.recall@1").value == 1.0
    row = rows_of(own.out / "predictions.jsonl")[0]
    assert row["citations"][0]["source"] == "squad:Salt#0"
    assert row["citations"][0]["title"] == "Salt"
    generation = report["settings"]["generation"]
    again = run(replace(own, out=tmp_path / "again"), parts).to_json()
    assert again["settings"]["generation"] == generation
    with pytest.raises(UsageError, match="which the set does not"):
        run(replace(own, out=tmp_path / "third", index=settings.index), parts)


def test_questions_without_gold_are_excluded_and_counted(settings, parts, bench):
    bench.says["Who is it?"] = ("tram", 0.9)
    rows = [
        {"id": "1", "question": "What did the tram cost?", "answers": ["48 million pounds"], "document": "tram.txt"},
        {"id": "2", "question": "Who is it?", "answers": ["tram"], "document": None},
    ]
    report = run(
        replace(settings, dataset=f"citespan:{bench.write_rows(rows)}", stage=Stage.END_TO_END), parts
    ).to_json()
    for name in ("end-to-end.right_article", "retrieval.recall@1"):
        assert (read_figure(report, name).n, read_figure(report, name).excluded) == (1, 1)
    undefined = read_figure(report, "end-to-end.abstained_unanswerable")
    assert (undefined.value, undefined.n, undefined.excluded) == (None, 0, 2)


def test_a_question_that_cannot_be_asked_costs_its_own_row(settings, parts, bench):
    rows = [
        {"id": "1", "question": "What did the tram cost? " * 500, "answers": ["48 million"], "document": "tram.txt"}
    ]
    run(replace(settings, dataset=f"citespan:{bench.write_rows(rows)}"), parts)
    assert "characters" in rows_of(settings.out / "predictions.jsonl")[0]["reason"]


def test_wrong_calls(settings, parts, tmp_path):
    with pytest.raises(UsageError, match="brings no articles"):
        run(replace(settings, index=None), parts)
    with pytest.raises(IndexUnavailableError):
        run(replace(settings, index=tmp_path / "nowhere"), parts)
    with pytest.raises(UsageError, match="--limit 0"):
        run(replace(settings, limit=0), parts)


def test_a_stage_needs_its_gold():
    judged = Dataset("x", (Question("1", "?", documents=("d",), grades=(1,)),), (), "")
    assert wanted_stages(judged, None) == (Stage.RETRIEVAL,)
    with pytest.raises(UsageError, match="names answers"):
        wanted_stages(judged, Stage.END_TO_END)
    answered = Dataset("x", (Question("1", "?", answers=("a",), answerable=True),), (), "")
    assert wanted_stages(answered, None) == (Stage.END_TO_END,)
    with pytest.raises(UsageError, match="names neither"):
        wanted_stages(Dataset("x", (Question("1", "?"),), (), ""), None)
