"""With every way out shut, Citespan builds, asks and opens its page as ever."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import pytest_socket
from starlette.testclient import TestClient

from qa.cli import main
from qa.collection import IndexCollection
from qa.page.server import application
from qa.page.shelf import Shelf
from qa.pipeline import Pipeline

ROOT = Path(__file__).parents[1]
ARTICLE = "The mill\n\nUpdated: March 3, 2020\n\nThe mill was built in 1788. It has four floors and two wheels.\n"
QUESTION = "How many floors does the mill have?"
GUARD = """
import os, socket

def guarded(real):
    def call(self, address, *rest):
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if host not in ("127.0.0.1", "::1", "localhost"):
            tell("connect", host)
        return real(self, address, *rest)
    return call

def tell(what, host):
    with open(os.environ["ATTEMPTS"], "a") as log:
        log.write(f"{what} {host}\\n")
    raise OSError(101, f"{what} {host}: the way out is shut")

def look_up(host, *rest, real=socket.getaddrinfo, **more):
    if host not in (None, "127.0.0.1", "::1", "localhost"):
        tell("resolve", host)
    return real(host, *rest, **more)

socket.socket.connect = guarded(socket.socket.connect)
socket.socket.connect_ex = guarded(socket.socket.connect_ex)
socket.getaddrinfo = look_up
"""


@pytest.fixture
def folder(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "mill.txt").write_text(ARTICLE, encoding="utf-8")
    return articles


@pytest.fixture
def no_sockets():
    """Forbid sockets altogether."""
    pytest_socket.disable_socket()
    yield
    pytest_socket.enable_socket()


@pytest.mark.usefixtures("no_sockets")
def test_build_and_ask_open_no_socket(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    index = str(tmp_path / "mill.index")
    with pytest.warns(UserWarning, match="tried to use"), pytest.raises(pytest_socket.SocketBlockedError):
        socket.socket()
    assert main(["build", str(folder), "--index", index]) == 0
    capsys.readouterr()
    assert main(["ask", QUESTION, "--index", index, "--json"]) == 0
    assert "four" in json.loads(capsys.readouterr().out)["answer"]


@pytest.fixture
def loopback_only():
    """Forbid connecting to anything but this machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.mark.usefixtures("loopback_only")
def test_the_page_starts_and_answers_with_loopback_only(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    index = tmp_path / "mill.index"
    shut = pytest.raises(pytest_socket.SocketConnectBlockedError)
    with socket.socket() as outward, pytest.warns(UserWarning, match="tried to use"), shut:
        outward.connect(("192.0.2.1", 80))
    assert main(["build", str(folder), "--index", str(index)]) == 0
    with Pipeline.load(index) as pipeline:
        app = application([Shelf(IndexCollection("mill", index, pipeline))], host="127.0.0.1", credentials=None)
        with TestClient(app, base_url="http://127.0.0.1") as browser:
            assert browser.get("/").status_code == 200
        assert "four" in pipeline.ask(QUESTION).text


@pytest.fixture
def sealed(tmp_path):
    """An environment whose Python processes can reach this machine only, and write down what they tried."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "GRADIO_", "TRANSFORMERS_"))
    }
    home = {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hub")}
    return {**kept, **home, "PYTHONPATH": str(tmp_path / "guard"), "ATTEMPTS": str(tmp_path / "attempts")}


def test_the_programs_try_nothing_outside(folder, tmp_path, sealed):
    def call(*arguments):
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=sealed, capture_output=True, text=True, timeout=120, check=False)

    attempts = Path(sealed["ATTEMPTS"])
    shut = call("-c", "import socket; socket.create_connection(('192.0.2.1', 80), 1)")
    assert "the way out is shut" in shut.stderr
    assert attempts.read_text() == "resolve 192.0.2.1\n"
    attempts.unlink()

    index = tmp_path / "mill.index"
    built = call("-m", "qa.cli", "build", folder, "--index", index)
    assert (built.returncode, built.stderr) == (0, "")
    asked = call("-m", "qa.cli", "ask", QUESTION, "--index", index, "--json")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "four" in json.loads(asked.stdout)["answer"]

    serve = [sys.executable, "-m", "qa.cli", "serve", "--index", str(index), "--port", "0"]
    with subprocess.Popen(
        serve, cwd=ROOT, env=sealed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        address = process.stdout.readline().split()[3]
        with urllib.request.urlopen(address, timeout=60) as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert not attempts.exists()
