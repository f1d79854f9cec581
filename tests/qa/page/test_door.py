"""The door: without the password there is nothing, and guesses are limited."""

from __future__ import annotations

import asyncio

import httpx

from qa.page.attempts import MOST, SECONDS


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


def test_the_password_opens_and_guesses_are_limited(locked, word):
    def enter(guess):
        return locked.post("/login", data={"username": "ana", "password": guess})

    assert enter("wrong-door").status_code == 400
    assert enter(word).status_code == 200
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


def test_a_page_that_takes_no_files_has_no_place_for_them(locked, word):
    locked.post("/login", data={"username": "ana", "password": word})
    assert locked.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).status_code == 404
