from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.__main__ import main

ROOT = Path(__file__).parents[2]


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from eval.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'torch', 'faiss', 'tantivy', 'onnxruntime', 'matplotlib', 'nltk', 'trafilatura', 'gradio'}\n"
        "print('loaded:', sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "loaded: []" in done.stdout
    assert "compare" in done.stdout


@pytest.mark.parametrize(
    ("call", "code", "says"),
    [
        (["run", "--dataset", "citespan:nowhere.jsonl", "--out", "o"], 2, "does not exist"),
        (["run", "--dataset", "csv:x", "--out", "o"], 2, "FORMAT is one of"),
        (["compare", "a", "b"], 2, "does not exist"),
        (["gate", "--report", "r.json", "--recorded", "g.json"], 2, "does not exist"),
        (["lint", "--dataset", "citespan:bad.jsonl", "--documents", "."], 1, "bad.jsonl:1: "),
    ],
)
def test_errors_are_one_line_and_a_code(tmp_path, monkeypatch, capsys, call, code, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.jsonl").write_text("{\n")
    assert main(call) == code
    error = capsys.readouterr().err
    assert says in error
    assert error.startswith("eval: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "call",
    [
        [],
        ["walk"],
        ["run", "--dataset", "x"],
        ["run", "--dataset", "x", "--out", "o", "--stage", "walk"],
        ["run", "--dataset", "x", "--out", "o", "--limit", "0"],
        ["run", "--dataset", "x", "--out", "o", "--target-error", "2"],
        ["run", "--dataset", "x", "--out", "o", "--seed", "-1"],
    ],
)
def test_a_wrong_call_is_code_2(capsys, call):
    with pytest.raises(SystemExit) as left:
        main(call)
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_lint_and_gate_exit_with_1_when_something_does_not_hold(tmp_path, articles, write_rows, capsys):
    path = write_rows([{"id": "a", "question": "Q?", "answers": ["nothing"], "document": "tram.txt"}])
    assert main(["lint", "--dataset", f"citespan:{path}", "--documents", str(articles)]) == 1
    assert "1 questions, 1 findings" in capsys.readouterr().out
    figure = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 9, "excluded": 0}
    report = {"dataset": {"sha256": "s", "name": "x"}, "figures": {"end-to-end": {"EM": figure}}}
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(report))
    assert main(["gate", "--report", str(old), "--recorded", str(tmp_path / "r.json"), "--record"]) == 0
    assert main(["gate", "--report", str(old), "--recorded", str(tmp_path / "r.json")]) == 0
    figure |= {"value": 0.3}
    new.write_text(json.dumps(report))
    assert main(["gate", "--report", str(new), "--recorded", str(tmp_path / "r.json")]) == 1
    assert "FAIL end-to-end.EM: 30.0, recorded 50.0 (40.0 to 60.0)" in capsys.readouterr().out


def test_the_projects_own_set_is_sound(capsys):
    sample = ROOT / "eval" / "sets" / "sample.jsonl"
    code = main(["lint", "--dataset", f"citespan:{sample}", "--documents", str(ROOT / "corpus" / "sample")])
    assert code == 0, capsys.readouterr().out
