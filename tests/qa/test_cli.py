"""The command line as a whole: light to start, its reference up to date, every failure one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from corpus.errors import CitespanError, StorageError, UsageError
from qa import cli
from qa.reference import reference

ROOT = Path(__file__).parents[2]
COMMANDS = ["build", "ask", "show", "verify", "status", "serve"]


def run(*arguments: object, **settings):
    call = [sys.executable, "-m", "qa.cli", *map(str, arguments)]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **settings)


HEAVY = {"torch", "gradio", "faiss", "tantivy", "numpy", "onnxruntime", "trafilatura", "nltk", "matplotlib", "tqdm"}


def test_help_names_every_command_and_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from qa.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as stop:\n    assert stop.code == 0\n"
        f"print('imported:', sorted({HEAVY!r} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "imported: []" in done.stdout
    for command in COMMANDS:
        assert f"    {command} " in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(citespan, command):
    outcome = citespan(command, "--help")
    assert outcome.code == 0
    assert "--index DIR" in outcome.out


def test_the_reference_in_the_docs_is_the_parser(monkeypatch):
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference()
    monkeypatch.setenv("COLUMNS", "40")
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize(
    "arguments", [[], ["sing"], ["--index", "x"], ["ask", "--ind", "x"], ["serve", "--port", "70000"]]
)
def test_a_wrong_call_is_one_line(citespan, arguments):
    outcome = citespan(*arguments)
    assert outcome.code == 2
    assert "--help" in outcome.error_line


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("two\nlines and \x1b[31mred"), 2),
        (StorageError("disk full"), 1),
        (CitespanError("broken"), 1),
        (OSError(28, "No space left on device", "/somewhere"), 1),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_a_foreseen_failure_is_one_line_and_an_exit_code(citespan, monkeypatch, error, code):
    def fail(_call):
        raise error

    monkeypatch.setattr("qa.commands.status.run", fail)
    outcome = citespan("status", "--index", "x")
    assert outcome.code == code
    assert outcome.error_line.isprintable() or outcome.error_line[:-1].isprintable()


def test_a_defect_is_one_line_unless_its_place_is_asked_for(capsys, monkeypatch):
    monkeypatch.delenv("CITESPAN_DEBUG", raising=False)
    cli._report_defect(ValueError, ValueError("a\nb"), None)
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setenv("CITESPAN_DEBUG", "1")
    cli._report_defect(ValueError, ValueError("a"), None)
    assert "ValueError: a" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_traceback(built):
    call = [sys.executable, "-m", "qa.cli", "status", "--index", str(built)]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        error = process.stderr.read()
    assert error == b""


def test_a_terminal_without_unicode_still_gets_its_answer(built):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = run("ask", "How many berths does the harbour have?", "--index", built, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "31" in done.stdout


def test_serving_other_machines_without_a_password_is_refused(citespan, built):
    outcome = citespan("serve", "--index", built, "--host", "0.0.0.0")
    assert outcome.code == 2
    assert "--auth-file" in outcome.error_line


def test_serve_opens_the_page_and_ends_well_on_ctrl_c(built):
    call = [sys.executable, "-m", "qa.cli", "serve", "--index", str(built), "--port", "0"]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line.startswith("Citespan is at http://127.0.0.1:"), process.stderr.read()
        with urllib.request.urlopen(line.split()[3], timeout=60) as response:
            assert b"2 articles" in response.read()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (0, "", "")
