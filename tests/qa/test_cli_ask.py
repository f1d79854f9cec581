"""Ask and verify: for a person, for a program, for a file of questions; and every quote stands where it is cited."""

from __future__ import annotations

import json

import pytest

BERTHS = "How many berths does the harbour of Port Ellery have?"
NEVER = "What is the melting point of tungsten carbide alloys?"


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_person_sees_answer_passage_article_and_date(citespan, built):
    outcome = citespan("ask", BERTHS, "--index", built)
    assert outcome.code == 0
    assert "31" in outcome.out
    assert "⟦31" in outcome.out
    assert "The harbour of Port Ellery" in outcome.out
    assert "5 January 2022" in outcome.out
    assert "harbour.txt" in outcome.out
    assert " %" in outcome.out


def test_a_person_is_told_that_the_articles_do_not_say(citespan, built):
    outcome = citespan("ask", NEVER, "--index", built)
    assert outcome.code == 0
    assert "The articles do not say." in outcome.out
    assert "Nearest passages" in outcome.out


def test_a_program_gets_one_line_whose_quotes_are_in_show(citespan, built):
    outcome = citespan("ask", BERTHS, "--index", built, "--json")
    assert outcome.out.count("\n") == 1
    answer = json.loads(outcome.out)
    assert list(answer)[:9] == [
        *("id", "question", "answer", "confidence", "abstained", "reason", "citations", "alternatives", "timings_ms")
    ]
    assert answer["citations"]
    for citation in answer["citations"] + [other["citation"] for other in answer["alternatives"]]:
        shown = json.loads(citespan("show", citation["document_id"], "--index", built, "--json").out)
        assert shown["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert shown["sha256"] == citation["document_sha256"]


def test_fewer_passages_are_read_on_request(citespan, built):
    assert citespan("ask", BERTHS, "--index", built, "--top-k", "1", "--json").code == 0


def test_a_file_of_questions_is_answered_in_order(citespan, built, tmp_path):
    asked = [
        {"id": "b", "question": BERTHS, "answers": ["31"]},
        {"id": 7, "question": "   "},
        {"id": "ü", "question": "When was the harbour opened?", "previous": [BERTHS]},
        {"id": "long", "question": "why " * 2500},
    ]
    questions, out = tmp_path / "q.jsonl", tmp_path / "answers.jsonl"
    questions.write_text("\n\n".join(json.dumps(row) for row in asked) + "\n", encoding="utf-8")
    outcome = citespan("ask", "--questions", questions, "--out", out, "--index", built)
    assert (outcome.code, outcome.out, outcome.error) == (0, "", "")
    answers = rows(out)
    assert [answer["id"] for answer in answers] == ["b", 7, "ü", "long"]
    assert "31" in answers[0]["answer"]
    assert "1904" in answers[2]["answer"]
    for number in (1, 3):
        assert answers[number]["abstained"]
        assert answers[number]["reason"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["answers.jsonl", "q.jsonl"]
    assert citespan("verify", out, "--index", built).code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is list"),
        ('{"question": "Who?"}', "has the id None"),
        ('{"id": true, "question": "Who?"}', "has the id True"),
        ('{"id": "b"}', "has the question None"),
        ('{"id": "b", "question": 3}', "has the question 3"),
        ('{"id": "b", "question": "\\ud800"}', "holds half a surrogate"),
        ('{"id": "b", "question": "Who?", "previous": 3}', "has the previous 3"),
        ('{"id": "a", "question": "Who?"}', "repeats the id 'a' of line 1"),
    ],
)
def test_a_malformed_row_is_named_before_anything_is_asked(citespan, built, tmp_path, line, told):
    questions, out = tmp_path / "q.jsonl", tmp_path / "answers.jsonl"
    questions.write_text('{"id": "a", "question": "Who?"}\n' + line + "\n", encoding="utf-8")
    out.write_text("kept")
    outcome = citespan("ask", "--questions", questions, "--out", out, "--index", built)
    assert outcome.code == 2
    assert f"q.jsonl:2 {told}" in outcome.error_line
    assert out.read_text() == "kept"


def test_calls_that_make_no_sense_are_one_line(citespan, built, tmp_path):
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": 1, "question": "Who?"}')
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    calls = [
        ["ask"],
        ["ask", ""],
        ["ask", "  \n"],
        ["ask", "why " * 2500],
        ["ask", "\udcff?"],
        ["ask", "Who?", "--questions", questions, "--out", tmp_path / "o"],
        ["ask", "Who?", "--out", tmp_path / "o"],
        ["ask", "--questions", questions],
        ["ask", "--questions", questions, "--out", questions],
        ["ask", "--questions", questions, "--out", tmp_path / "no" / "folder"],
        ["ask", "--questions", questions, "--out", tmp_path],
        ["ask", "--questions", empty, "--out", tmp_path / "o"],
        ["ask", "--questions", binary, "--out", tmp_path / "o"],
        ["ask", "--questions", tmp_path / "missing", "--out", tmp_path / "o"],
        ["ask", "Who?", "--top-k", "0"],
        ["ask", "Who?", "--top-k", "many"],
        ["ask", "Who?", "--target-error", "1.5"],
        ["ask", "Who?", "--target-error", "nan"],
        ["verify", tmp_path / "missing"],
        ["verify", binary],
        ["verify", empty],
    ]
    for call in calls:
        outcome = citespan(*call, "--index", built)
        assert outcome.code == 2, call
        assert outcome.error_line
        assert outcome.out == ""
    assert not (tmp_path / "o").exists()


def test_an_interrupted_run_leaves_the_old_answers(citespan, built, tmp_path, monkeypatch):
    questions, out = tmp_path / "q.jsonl", tmp_path / "answers.jsonl"
    questions.write_text('{"id": 1, "question": "Who is the harbour master?"}\n')
    out.write_text("kept")

    def interrupt(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.pipeline.Pipeline.ask", interrupt)
    outcome = citespan("ask", "--questions", questions, "--out", out, "--index", built)
    assert outcome.code == 130
    assert "interrupted" in outcome.error_line
    assert out.read_text() == "kept"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["answers.jsonl", "q.jsonl"]


def test_verify_names_the_citation_that_does_not_hold(citespan, built, tmp_path):
    saved = tmp_path / "answers.jsonl"
    saved.write_text(citespan("ask", BERTHS, "--index", built, "--json").out, encoding="utf-8")
    good = citespan("verify", saved, "--index", built)
    assert good.code == 0
    assert "every quote stands" in good.out
    answer = json.loads(saved.read_text(encoding="utf-8"))
    answer["citations"][0]["quote"] = "4" + answer["citations"][0]["quote"][1:]
    saved.write_text(json.dumps(answer), encoding="utf-8")
    bad = citespan("verify", saved, "--index", built)
    assert bad.code == 1
    assert f"{saved}:1 citations[0]" in bad.out


def test_a_target_that_cannot_be_promised_is_said_so(citespan, built):
    outcome = citespan("ask", BERTHS, "--index", built, "--target-error", "0.001", "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["abstained"]
    assert outcome.error.startswith("citespan: note: a target error of 0.001 cannot be promised")
    assert outcome.error.count("\n") == 1
