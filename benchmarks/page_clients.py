"""Askers as a browser and a program are: over the page's own queue with its open streams, and over REST."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

CONVERSATION = 10
"""Questions that an asker puts on one page before it opens another."""


@dataclass(slots=True)
class Told:
    """What one asker met."""

    kind: str
    seconds: list[float] = field(default_factory=list)
    """From each question to its answer."""
    first: list[float] = field(default_factory=list)
    """From each question to the first sign of life on the page."""
    waited: int = 0
    """Designed refusals: 429 or 503 with `Retry-After`."""
    errors: list[str] = field(default_factory=list)


async def ask_rest(client: httpx.AsyncClient, questions: Sequence[str], until: float, told: Told) -> None:
    """Ask over `/api/ask` until the time is over."""
    at = 0
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            response = await client.post("/api/ask", json={"question": questions[at % len(questions)]})
        except httpx.HTTPError as error:
            told.errors.append(repr(error))
            continue
        if response.status_code == 200 and "confidence" in response.json():
            told.seconds.append(time.monotonic() - begun)
            at += 1
        elif response.status_code in {429, 503} and "retry-after" in response.headers:
            told.waited += 1
            await asyncio.sleep(float(response.headers["retry-after"]))
        else:
            told.errors.append(f"{response.status_code} {response.text[:200]}")


async def ask_page(client: httpx.AsyncClient, questions: Sequence[str], until: float, told: Told) -> None:
    """Ask on pages until the time is over."""
    at = 0
    while time.monotonic() < until:
        try:
            async with _opened(client) as page:
                for _ in range(CONVERSATION):
                    if time.monotonic() < until:
                        await page.ask(questions[at % len(questions)], told)
                        at += 1
        except httpx.HTTPError as error:
            told.errors.append(repr(error))


class _Page:
    """One page: a session with the values of its controls."""

    def __init__(self, client: httpx.AsyncClient, event: int, values: list[Any]) -> None:
        self._client, self._event, self._values = client, event, values
        self.session = secrets.token_hex(6)

    async def ask(self, question: str, told: Told) -> None:
        """Put a question and read the stream until its answer is drawn."""
        begun, first = time.monotonic(), None
        body = {"data": [question, *self._values], "fn_index": self._event, "session_hash": self.session}
        response = await self._client.post("/gradio_api/queue/join", json=body)
        if response.status_code != 200:
            told.errors.append(f"{response.status_code} {response.text[:200]}")
            return
        last = ""
        async for message in self._messages():
            if message["msg"] == "process_generating" and first is None:
                first = time.monotonic() - begun
            if message["msg"] == "process_generating":
                last = json.dumps(message["output"])
            if message["msg"] == "process_completed":
                if not message["success"]:
                    told.errors.append(json.dumps(message)[:200])
                elif "Too many questions are waiting" in last:
                    told.waited += 1
                else:
                    told.seconds.append(time.monotonic() - begun)
                    told.first.append(first if first is not None else told.seconds[-1])
                return
        told.errors.append("the stream ended without an answer")

    async def _messages(self) -> AsyncIterator[dict[str, Any]]:
        parameters = {"session_hash": self.session}
        async with self._client.stream("GET", "/gradio_api/queue/data", params=parameters) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line[6:])


@asynccontextmanager
async def _opened(client: httpx.AsyncClient) -> AsyncIterator[_Page]:
    """Load the page, and keep the stream open that says it still is."""
    await client.get("/", headers={"accept": "text/html"})
    config = (await client.get("/config")).json()
    box = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "cs-question")
    event = next(one for one in config["dependencies"] if [box, "submit"] in map(list, one["targets"]))
    values = {one["id"]: one["props"].get("value") for one in config["components"]}
    page = _Page(client, event["id"], [values.get(id_) for id_ in event["inputs"][1:]])

    async def stay() -> None:
        async with client.stream("GET", f"/gradio_api/heartbeat/{page.session}") as stream:
            async for _ in stream.aiter_bytes():
                pass

    staying = asyncio.create_task(stay())
    try:
        yield page
    finally:
        staying.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await staying
