"""What a server tells of itself: alive, ready, and counts in the format that Prometheus reads."""

from __future__ import annotations

import re
from contextlib import suppress

from corpus.errors import IndexUnavailableError
from qa.metrics import Gauge, Metrics

QUESTION = {"question": "How many berths are there?"}
SAMPLE = re.compile(r"([a-z_]+)(?:\{((?:[a-z]+=\"(?:[^\"\\\n]|\\.)*\",?)*)\})? ([0-9.e+-]+|\+Inf)\Z")


def samples(text: str) -> dict[tuple[str, str], float]:
    """The samples of an exposition, each line of which must be one, or a comment."""
    assert text.endswith("\n")
    found = {}
    for line in text.splitlines():
        if line.startswith("# "):
            assert re.match(r"# (HELP|TYPE) [a-z_]+ \S", line)
            continue
        one = SAMPLE.match(line)
        assert one is not None, line
        found[one[1], one[2] or ""] = float(one[3])
    return found


def test_alive_and_ready_need_no_password(serve):
    client = serve(ana="secret-door")
    assert client.get("/api/live").json() == {"status": "alive"}
    assert client.get("/api/ready").json() == {"status": "ready"}


def test_not_ready_while_an_engine_does_not_answer_but_alive(serve, shelf, monkeypatch):
    def gone(*_):
        raise IndexUnavailableError("Milvus at http://10.0.0.1 cannot be reached")

    client = serve()
    with monkeypatch.context() as patched:
        patched.setattr(shelf, "listing", gone)
        response = client.get("/api/ready")
        assert (response.status_code, response.json()) == (503, {"status": "not ready"})
        assert client.get("/api/live").status_code == 200
        counted = samples(client.get("/api/metrics").text)
        assert counted["citespan_ready", 'collection="harbour"'] == 0
        assert ("citespan_passages", 'collection="harbour"') not in counted
    assert client.get("/api/ready").status_code == 200


def test_questions_are_counted_by_how_they_ended(serve, shelf, monkeypatch):
    client = serve()
    for _ in range(3):
        client.post("/api/ask", json=QUESTION)
    client.post("/api/ask", json={**QUESTION, "collection": "silent"})
    client.post("/api/ask", json={"question": " "})
    monkeypatch.setattr(shelf, "ask", lambda *_: 1 / 0)
    with suppress(ZeroDivisionError):
        client.post("/api/ask", json=QUESTION)
    response = client.get("/api/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    counted = samples(response.text)
    outcomes = {labels: value for (name, labels), value in counted.items() if name == "citespan_questions_total"}
    assert outcomes == {
        'collection="harbour",outcome="answered"': 3,
        'collection="harbour",outcome="failed"': 1,
        'collection="harbour",outcome="refused"': 1,
        'collection="silent",outcome="abstained"': 1,
    }
    assert counted["citespan_question_seconds_count", 'collection="harbour"'] == 5
    assert counted["citespan_questions_answering", ""] == counted["citespan_questions_waiting", ""] == 0
    assert counted["citespan_passages", 'collection="harbour"'] == 2
    assert counted["citespan_generation", 'collection="silent"'] == 7


def test_a_histogram_only_grows_and_ends_with_all(serve):
    metrics = Metrics()
    for seconds in (0.01, 0.05, 0.3, 4.0, 99.0):
        metrics.count("a", "answered", seconds)
    counted = samples(metrics.exposition())
    buckets = [value for (name, _), value in counted.items() if name.endswith("_bucket")]
    assert buckets == sorted(buckets)
    assert buckets[0] == 1
    assert counted["citespan_question_seconds_bucket", 'collection="a",le="0.05"'] == 2
    assert counted["citespan_question_seconds_bucket", 'collection="a",le="+Inf"'] == 5
    assert counted["citespan_question_seconds_sum", 'collection="a"'] == 103.36


def test_no_name_breaks_the_format():
    metrics = Metrics()
    metrics.count('a "b"\\\nc', "answered", 0.1)
    counted = samples(metrics.exposition([Gauge("citespan_passages", "Passages.", {'"': 1, "": 2})]))
    assert counted["citespan_questions_total", 'collection="a \\"b\\"\\\\\\nc",outcome="answered"'] == 1
