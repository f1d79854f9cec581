"""The page as an attacker sees it: no routes but its own, no requests of other websites, nothing unbounded."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.websockets import WebSocketDisconnect


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


def test_names_of_strange_collections_change_nothing(open_page):
    for name in ("../x", "\0", "x" * 5000, "'; DROP TABLE documents; --"):
        assert open_page.get(f"/api/documents?collection={quote(name)}").status_code == 404
