"""The page as an attacker sees it: no routes but its own, no requests of other websites, nothing unbounded."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import quote

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from index.listing import ListedDocument, Listing
from index.types import BuildReport
from qa.page.attempts import MOST, SECONDS
from qa.page.credentials import Credentials
from qa.page.layout import uploads_folder
from qa.page.passwords import hash_password
from qa.page.server import application
from qa.page.shelf import Shelf

WORD = "secret-door"


class Library:
    """Is listed, and never asked."""

    name = "nothing"
    default_target_error = None

    def listing(self):
        one = ListedDocument("a", "A", "/a.txt", None, "", None, None, 1)
        return Listing((one,) * 3, passages=40, generation=1)

    def ask(self, *_, **__):
        raise AssertionError

    def document(self, document_id):
        raise KeyError(document_id)


class Uploads:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.given = []

    def take(self, files):
        self.given += [(one.name, one.path.read_text()) for one in files]
        yield BuildReport((), (), (), (), (), 0, 0)

    def holds(self, source):
        return False


@pytest.fixture(scope="module")
def uploads():
    return Uploads()


@pytest.fixture(scope="module")
def open_page(uploads):
    """A page without a password that takes files, as a program sees it."""
    app = application([Shelf(Library(), (), None, uploads)], host="127.0.0.1", credentials=None)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def locked():
    """A page behind a password; new for each test, which may lock itself out."""
    credentials = Credentials({"ana": hash_password(WORD)})
    app = application([Shelf(Library(), ("Who?",))], host="0.0.0.0", credentials=credentials)
    with TestClient(app, base_url="http://page.example", headers={"accept": "text/html"}) as client:
        yield client


def raw(client, method, path, **more):
    """Request a path as it is, without the client's tidying."""
    url = client.base_url.copy_with(raw_path=path.encode())
    return client.send(client.build_request(method, url, **more))


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://192.0.2.1/x",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://192.0.2.1/x",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/token",
        "/gradio_api/runs",
        "/gradio_api/startup-events",
        "/gradio_api/queue/status",
        "/gradio_api/deep_link?session_hash=a",
        "/gradio_api/dev/reload",
        "/gradio_api/mcp/",
        "/gradio_api/stream/a/b/1/playlist.m3u8",
        "/monitoring",
        "/monitoring/summary",
        "/svelte/svelte.js",
        "/docs",
        "/openapi.json",
        "/api/predict",
        "//config",
        "/config/",
        "/assets/..%2f..%2f..%2froutes.py",
        "/static/../../routes.py",
        "/static/..%5c..%5croutes.py",
        "/assets//etc/passwd",
        "/gradio_api/heartbeat/../token",
        "/api/documents/..%2f..%2fetc%2fpasswd",
        "/api/documents/%00",
    ],
)
def test_what_the_page_does_not_need_is_not_there(open_page, path):
    response = raw(open_page, "GET", path)
    assert response.status_code in {403, 404}
    assert "root:" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        *("api/ask", "call/ask", "call/v2/ask", "component_server", "cancel", "reset", "vibe-edit"),
        *("vibe-code", "process_recording", "stream/a", "run-history/connect"),
    ],
)
def test_nothing_else_is_written_to(open_page, path):
    assert open_page.post(f"/gradio_api/{path}", json={}).status_code == 404


def test_no_question_gets_around_the_line(open_page):
    event = event_of(open_page, "cs-question", "submit")
    body = {"data": ["Who?", None, None, None, None, None, None], "fn_index": event, "session_hash": "abc"}
    for name in ("predict", "ask"):
        assert open_page.post(f"/gradio_api/run/{name}", json=body).status_code == 404
    click = {"data": [None, 25, "", "", ""], "fn_index": event_of(open_page, "cs-talk", "act"), "session_hash": "abc"}
    click["event_data"] = {"act": "close"}
    assert open_page.post("/gradio_api/run/predict", json=click).status_code == 200
    click["event_data"] = {"path": "/etc/passwd"}
    assert open_page.post("/gradio_api/run/predict", json=click).status_code == 403


def test_gradio_makes_no_table_of_what_was_asked(open_page, monkeypatch):
    made = []
    monkeypatch.setattr("gradio.queueing.Queue._get_df", made.append)
    (place,) = open_page.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).json()
    file = {"path": place, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
    assert outcome(open_page, event_of(open_page, "cs-drop", "upload"), [file], None, None)["success"] is True
    assert made == []


def test_a_page_that_takes_no_files_has_no_place_for_them(locked):
    locked.post("/login", data={"username": "ana", "password": WORD})
    assert locked.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_websites_page_can_do_nothing(open_page, headers):
    for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/login", "/api/ask", "/api/mcp"):
        response = open_page.post(path, json={}, headers=headers)
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
    if "origin" in headers:
        preflight = {**headers, "access-control-request-method": "POST"}
        for path in ("/api/ask", "/gradio_api/queue/join"):
            response = open_page.options(path, headers=preflight)
            assert response.status_code in {403, 404}
            assert "access-control-allow-origin" not in response.headers
        assert open_page.get("/config", headers=headers).status_code == 403


def test_a_link_from_another_website_may_be_followed_and_the_page_may_ask(open_page):
    assert open_page.get("/?q=Who", headers={"sec-fetch-site": "cross-site"}).status_code == 200
    own = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    assert open_page.post("/gradio_api/queue/join", json={}, headers=own).status_code == 422


def test_there_are_no_web_sockets(open_page):
    with pytest.raises(WebSocketDisconnect), open_page.websocket_connect("/gradio_api/queue/join"):
        pass


def test_nothing_is_taken_without_a_bound(open_page):
    large = b'{"data": ["' + b"x" * 600_000 + b'"]}'
    json_type = {"content-type": "application/json"}
    assert open_page.post("/gradio_api/queue/join", content=large, headers=json_type).status_code == 413
    assert open_page.post("/login", data={"username": "x" * 20_000, "password": "x"}).status_code == 413
    assert open_page.post("/gradio_api/upload", content=iter([b"x"])).status_code == 413
    huge = {"content-length": str(10**12), "content-type": "multipart/form-data; boundary=x"}
    assert open_page.post("/gradio_api/upload", content=b"x", headers=huge).status_code == 413


def event_of(client, element, trigger):
    """The number of an event, and the values that its inputs have."""
    config = client.get("/config").json()
    ids = {one["props"].get("elem_id"): one["id"] for one in config["components"]}
    return next(one["id"] for one in config["dependencies"] if [ids[element], trigger] in map(list, one["targets"]))


def outcome(client, event, *data):
    """Put an event into the queue as a program that pretends to be the page, and read what comes of it."""
    body = {"data": list(data), "fn_index": event, "session_hash": "abc"}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    # Read to its end: Gradio's stream complains on the log when it is left before.
    stream = client.get("/gradio_api/queue/data", params={"session_hash": "abc"}).text.splitlines()
    messages = [json.loads(line[6:]) for line in stream if line.startswith("data: ")]
    return next(message for message in messages if message["msg"] == "process_completed")


def test_no_file_of_the_server_can_be_named_as_an_upload(open_page, uploads, tmp_path):
    victim = tmp_path / "victim.txt"
    victim.write_text("private")
    event = event_of(open_page, "cs-drop", "upload")
    box = event_of(open_page, "cs-question", "submit")
    (link := uploads_folder() / "link.txt").parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(victim)
    for path in (str(victim), "/etc/passwd", f"/proc/self/root{victim}", "../../x", str(link), "http://192.0.2.1/", 7):
        file = {"path": path, "orig_name": "victim.txt", "meta": {"_type": "gradio.FileData"}}
        for number, data in ((event, [[file]]), (event, [{"value": [file]}]), (box, [file]), (box, ["Who?", file])):
            body = {"data": data, "fn_index": number, "session_hash": "abc"}
            assert open_page.post("/gradio_api/queue/join", json=body).status_code == 403, path
    link.unlink()
    assert "private" not in str(uploads.given)
    assert victim.read_text() == "private"


def test_gradio_itself_takes_no_file_that_was_not_uploaded(open_page, uploads, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.page.own_files.OwnFiles._is_upload", lambda *_: True)
    victim = tmp_path / "victim.txt"
    victim.write_text("private")
    file = {"path": str(victim), "orig_name": "victim.txt", "meta": {"_type": "gradio.FileData"}}
    assert outcome(open_page, event_of(open_page, "cs-drop", "upload"), [file], None, None)["success"] is False
    assert "private" not in str(uploads.given)


def test_an_event_that_is_no_event_is_told(open_page):
    for body in (b"", b"{", b"\xff", b"[" * 100_000):
        headers = {"content-type": "application/json"}
        assert open_page.post("/gradio_api/queue/join", content=body, headers=headers).status_code == 400


def test_what_was_sent_arrives_under_its_name(open_page, uploads):
    (place,) = open_page.post("/gradio_api/upload", files={"files": ("../../mill.txt", b"four floors")}).json()
    file = {"path": place, "orig_name": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    assert outcome(open_page, event_of(open_page, "cs-drop", "upload"), [file], None, None)["success"] is True
    assert uploads.given[-1] == ("mill.txt", "four floors")


@pytest.mark.parametrize("question", [None, 7, ["a"], {"a": 1}, "x" * 100_000])
def test_a_question_of_another_kind_is_an_answer_or_an_error_and_nothing_worse(open_page, question):
    event = event_of(open_page, "cs-question", "submit")
    told = outcome(open_page, event, question, None, None, None, None, None, None)
    assert told["success"] in {True, False}
    assert len(json.dumps(told)) < 20_000


def test_behind_a_password_there_is_nothing_without_it(locked):
    assert "3 articles" not in locked.get("/").text
    for method, path in (
        ("GET", "/config"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data?session_hash=a"),
        ("GET", "/gradio_api/upload_progress?upload_id=a"),
        ("GET", "/api/health"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/ask"),
        ("POST", "/api/mcp"),
    ):
        body = {"json": {"question": "Who?", "jsonrpc": "2.0", "method": "ping", "id": 1}} if method == "POST" else {}
        for cookie in ("", "access-token-unsecure-x=None"):
            assert locked.request(method, path, headers={"cookie": cookie}, **body).status_code == 401, path


def test_the_password_opens_and_guesses_are_limited(locked):
    def enter(word):
        return locked.post("/login", data={"username": "ana", "password": word})

    assert enter("wrong-door").status_code == 400
    assert enter(WORD).status_code == 200
    assert "3 articles" in locked.get("/").text
    assert locked.get("/api/health").status_code == 401  # programs send the password, a cookie is not enough
    for _ in range(MOST - 1):
        assert enter("wrong-door").status_code == 400
    refused = enter("wrong-door")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= SECONDS


def test_the_door_leaves_the_server_free_while_it_compares(locked):
    async def others_meanwhile():
        transport = httpx.ASGITransport(locked.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://page.example") as client:
            entering = asyncio.create_task(client.post("/login", data={"username": "ana", "password": "wrong-door"}))
            await asyncio.sleep(0)
            served = 0
            while not entering.done():
                served += (await client.get("/robots.txt")).status_code == 200
            return served

    assert asyncio.run(others_meanwhile()) > 1


def test_names_of_strange_collections_change_nothing(open_page):
    for name in ("../x", "\0", "x" * 5000, "'; DROP TABLE documents; --"):
        assert open_page.get(f"/api/documents?collection={quote(name)}").status_code == 404
