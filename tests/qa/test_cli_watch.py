"""`citespan watch` from outside: it builds, follows its folder, and ends well on Ctrl-C."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import IndexLockedError
from index.types import BuildReport


@pytest.fixture
def interrupts_heard() -> Iterator[None]:
    """A shell starts what runs in its background with SIGINT ignored, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts_heard")
def test_it_follows_a_folder_until_interrupted(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "my.index"
    folder.mkdir()
    (folder / "one.txt").write_text("The mill\n\nThe mill was built in 1820 by Jane Orr.\n", encoding="utf-8")
    command = [sys.executable, "-m", "qa.cli", "watch", str(folder), "--index", str(index)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        lines = []
        while not lines or not lines[-1].startswith("watching"):
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr.read()
        assert lines[0] == "added 1\n"
        (folder / "two.txt").write_text("The pier\n\nThe pier was built in 1931 by Tom Pell.\n", encoding="utf-8")
        told = process.stdout.readline()
        assert f"added {folder / 'two.txt'} (1 passage embedded" in told
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=120)
    finally:
        process.kill()
        process.stdout.close()
        process.stderr.close()
        process.wait()
    assert (process.returncode, out, error) == (0, "stopped; what was stored stays\n", "")


def test_a_first_build_that_fails_is_an_error(citespan, tmp_path):
    outcome = citespan("watch", tmp_path / "nowhere", "--index", tmp_path / "index")
    assert outcome.code == 2
    assert "nowhere" in outcome.error_line


def test_later_errors_are_one_line_each_and_end_nothing(citespan, articles, tmp_path, monkeypatch):
    def pretend(paths, directory, build, complain):
        complain("the index is\nlocked")
        build(paths)
        build(paths)
        raise KeyboardInterrupt

    reports = [
        BuildReport(("/a/1.txt",), (), (), (), (), 1, 1),
        BuildReport(tuple(f"/a/{n}.txt" for n in range(5)), ("/a/u.txt",), (), (), (), 9, 2),
        BuildReport((), (), ("/a/1.txt",), (), (), 0, 2),
    ]
    monkeypatch.setattr("qa.commands.watch.build", lambda *_, **__: reports.pop(0))
    monkeypatch.setattr("qa.commands.watch.watch", pretend)
    outcome = citespan("watch", articles, "--index", tmp_path / "index")
    assert outcome.code == 0
    assert outcome.error == "citespan: the index is locked; still watching\n"
    told = outcome.out.splitlines()
    assert "added /a/0.txt, /a/1.txt, /a/2.txt and 2 more; updated /a/u.txt (9 passages embedded" in told[-2]
    assert told[-1] == "stopped; what was stored stays"


def test_an_index_that_another_process_writes_fails_at_first(citespan, articles, tmp_path, monkeypatch):
    def locked(*_: object, **__: object) -> BuildReport:
        raise IndexLockedError("another process writes")

    monkeypatch.setattr("qa.commands.watch.build", locked)
    assert citespan("watch", articles, "--index", tmp_path / "index").code == 1
