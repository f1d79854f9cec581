"""REST: the design's JSON, described truly by OpenAPI, behind the page's door and within limits."""

from __future__ import annotations

import base64
from datetime import date

import pytest

from corpus.errors import IndexDamagedError
from qa.api.bodies import AnswerBody
from qa.filters.types import Filters
from qa.page.attempts import MOST, SECONDS
from qa.serialise import answer_to_json
from qa.turnstile import BusyError

QUESTION = {"question": "How many berths are there?"}


def test_an_answer_is_the_contracts_json(serve, answer):
    response = serve().post("/api/ask", json={**QUESTION, "id": 7})
    assert response.status_code == 200
    assert response.json() == answer_to_json(answer, 7)
    assert AnswerBody.model_validate(response.json()).citations[0].quote == "31 berths"


def test_an_abstention_is_an_answer(serve):
    row = serve().post("/api/ask", json={"question": "Who painted it?", "collection": "silent"}).json()
    assert (row["answer"], row["abstained"], row["citations"]) == (None, True, [])
    assert AnswerBody.model_validate(row).reason


def test_terms_and_earlier_questions_reach_the_collection(serve, shelf):
    narrow = {"since": "2022-03", "until": "2023", "source": "*ledger*", "target_error": 0.1, "top_k": 4}
    serve().post("/api/ask", json={**QUESTION, **narrow, "previous": ["Where is it?"]})
    question, terms, previous = shelf.asked[-1]
    assert (question, previous) == (QUESTION["question"], ("Where is it?",))
    assert terms.filters == Filters(date(2022, 3, 1), date(2023, 12, 31), "*ledger*")
    assert (terms.target_error, terms.top_k) == (0.1, 4)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": " "},
        {"question": "x" * 2001},
        {**QUESTION, "top_k": 0},
        {**QUESTION, "top_k": 51},
        {**QUESTION, "target_error": 1},
        {**QUESTION, "since": "2022-13"},
        {**QUESTION, "since": "yesterday"},
        {**QUESTION, "unknown": 1},
        {**QUESTION, "previous": ["a"] * 21},
    ],
)
def test_a_malformed_question_is_told(serve, shelf, body):
    response = serve().post("/api/ask", json=body)
    assert response.status_code == 422
    assert response.json()["detail"]
    assert not shelf.asked


def test_half_a_character_is_told(serve, shelf):
    headers = {"content-type": "application/json"}
    for body in (b'{"question": "Who \\ud800?"}', b'{"question": "Who?", "source": "\\ud800"}', b"\xff", b"{"):
        assert serve().post("/api/ask", content=body, headers=headers).status_code in {400, 422}
    assert not shelf.asked


def test_articles_are_listed_and_read(serve, article):
    client = serve()
    listed = client.get("/api/documents").json()
    assert (listed["collection"], listed["total"]) == ("harbour", 1)
    assert listed["documents"][0]["passages"] == 2
    assert client.get("/api/documents", params={"offset": 1}).json()["documents"] == []
    read = client.get(f"/api/documents/{article.id}").json()
    assert (read["text"], read["sha256"], read["published"]) == (article.text, article.sha256, "2022-01-05")
    assert client.get("/api/documents/nothing").status_code == 404
    assert client.get("/api/documents", params={"collection": "nowhere"}).status_code == 404
    assert client.get("/api/documents", params={"limit": 1001}).status_code == 422


def test_health_counts_every_collection(serve):
    found = serve().get("/api/health").json()
    assert found["status"] == "ok"
    assert [(one["name"], one["documents"], one["generation"]) for one in found["collections"]] == [
        ("harbour", 1, 7),
        ("silent", 1, 7),
    ]


def test_an_index_that_cannot_be_read_is_told_in_one_line(serve, shelf, monkeypatch):
    def damaged(*_):
        raise IndexDamagedError("the index is damaged; restore it")

    monkeypatch.setattr(shelf, "ask", damaged)
    response = serve().post("/api/ask", json=QUESTION)
    assert (response.status_code, response.json()["detail"]) == (503, "the index is damaged; restore it")


def test_the_description_names_every_route_and_what_it_answers(serve):
    described = serve().get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        *("/api/ask", "/api/documents", "/api/documents/{document_id}", "/api/health"),
        *("/api/live", "/api/ready", "/api/metrics"),
    }
    answered = described["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answered == {"$ref": "#/components/schemas/AnswerBody"}
    assert {"401", "422", "503"} <= set(described["paths"]["/api/ask"]["post"]["responses"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/ask"),
        ("GET", "/api/documents"),
        ("GET", "/api/documents/x"),
        ("GET", "/api/health"),
        ("GET", "/api/metrics"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/mcp"),
    ],
)
def test_nothing_is_told_without_the_password(serve, shelf, method, path):
    client = serve(ana="secret-door")
    body = {"json": {**QUESTION, "jsonrpc": "2.0", "method": "ping", "id": 1}} if method == "POST" else {}
    for pair in (None, ("ana", "wrong"), ("bob", "secret-door")):
        response = client.request(method, path, auth=pair, **body)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Basic")
    assert not shelf.asked


def test_with_the_password_all_is_told(serve):
    client = serve(ana="sécret-door")
    basic = base64.b64encode("ana:sécret-door".encode()).decode()
    client.headers["authorization"] = f"Basic {basic}"
    assert client.get("/api/health").status_code == 200
    assert client.post("/api/ask", json=QUESTION).json()["answer"] == "31 berths"


def test_another_website_may_not_ask(serve, shelf):
    client = serve()
    assert client.get("/api/documents", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    simple = {"content-type": "text/plain"}  # what a website may send without asking this server before
    assert client.post("/api/ask", content='{"question": "Who?"}', headers=simple).status_code == 422
    assert "access-control-allow-origin" not in client.get("/api/health", headers={"origin": "http://evil"}).headers
    assert not shelf.asked


def test_a_large_request_is_turned_away(serve, shelf):
    response = serve().post("/api/ask", json={**QUESTION, "previous": ["x" * 70_000]})
    assert response.status_code == 413
    assert not shelf.asked


def test_answers_carry_the_headers_of_the_page(serve):
    headers = serve().get("/api/health").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_too_many_questions_at_once_are_told_to_come_again(serve, shelf, monkeypatch):
    def busy(*_):
        raise BusyError

    monkeypatch.setattr(shelf, "ask", busy)
    response = serve().post("/api/ask", json=QUESTION)
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


def test_a_caller_that_guesses_must_wait(serve, shelf):
    client = serve(ana="secret-door")
    for _ in range(MOST):
        assert client.get("/api/health", auth=("ana", "guess")).status_code == 401
    for pair in (("ana", "guess"), ("bob", "guess"), ("ana", "secret-door")):
        response = client.post("/api/ask", json=QUESTION, auth=pair)
        assert response.status_code == 429
        assert 0 < int(response.headers["retry-after"]) <= SECONDS
    assert not shelf.asked
