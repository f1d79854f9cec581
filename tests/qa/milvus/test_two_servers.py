"""Two servers over one Milvus, asked without pause; one is killed, and only what it was answering just then is lost."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[3]
ASKERS = 4
QUESTIONS = ("How many berths does the harbour have?", "Who is the librarian?", "When was the harbour opened?")


class Served:
    """One `citespan serve` on a port of its own."""

    def __init__(self, uri: str) -> None:
        call = [sys.executable, "-m", "qa.cli", "serve", "--engine", "milvus", "--uri", uri, "--port", "0"]
        self.process = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.dead = False

    def wait(self) -> None:
        line = self.process.stdout.readline()
        assert "Citespan is at" in line, self.process.stderr.read()
        self.address = urlsplit(line.split()[3]).netloc

    def get(self, path: str) -> tuple[int, str]:
        return self._put("GET", path)

    def ask(self, question: str) -> tuple[int, str]:
        return self._put("POST", "/api/ask", json.dumps({"question": question}))

    def _put(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Content-Type": "application/json"} if body else {}
        with closing(http.client.HTTPConnection(self.address, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Asker(threading.Thread):
    """Asks the servers in turn, and goes to the next where one refuses the connection, as a load balancer does."""

    def __init__(self, servers: list[Served], seen: Counter[str], until: threading.Event) -> None:
        super().__init__()
        self._servers, self._seen, self._until = servers, seen, until

    def run(self) -> None:
        turn = 0
        while not self._until.is_set():
            turn += 1
            living = [server for server in self._servers if not server.dead]
            server = living[turn % len(living)]
            try:
                status, _ = server.ask(QUESTIONS[turn % len(QUESTIONS)])
            except ConnectionRefusedError:
                server.dead = True
                self._seen["passed over"] += 1
            except (OSError, http.client.HTTPException):
                self._seen["lost on the way"] += 1
                server.dead = True
            else:
                self._seen[f"{status} of {self._servers.index(server)}"] += 1


@pytest.mark.timeout(900)
def test_one_of_two_servers_is_killed_and_the_other_answers_on(citespan, articles, milvus_server, tmp_path):
    uri = milvus_server.uri
    outcome = citespan("build", articles, "--index", tmp_path / "own.index", "--engine", "milvus", "--uri", uri)
    assert outcome.code == 0, outcome.error
    servers = [Served(uri), Served(uri)]
    seen: Counter[str] = Counter()
    until = threading.Event()
    try:
        for server in servers:
            server.wait()
            assert server.get("/api/ready") == (200, '{"status":"ready"}')
        askers = [Asker(servers, seen, until) for _ in range(ASKERS)]
        for asker in askers:
            asker.start()
        wait_for(lambda: min(seen["200 of 0"], seen["200 of 1"]) >= 5)
        servers[0].process.kill()
        before = seen["200 of 1"]
        wait_for(lambda: seen["200 of 1"] >= before + 10)
        until.set()
        for asker in askers:
            asker.join()
        assert set(seen) <= {"200 of 0", "200 of 1", "lost on the way", "passed over"}, seen
        assert seen["lost on the way"] <= ASKERS
        text = servers[1].get("/api/metrics")[1]
        assert 'citespan_questions_total{collection="citespan",outcome="answered"}' in text
    finally:
        until.set()
        for server in servers:
            server.end()


def wait_for(condition) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError("not in five minutes")
