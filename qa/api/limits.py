"""How large a request may be: read whole before anything is done with it, or turned away."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_REQUEST = 64 * 1024
"""Bytes of a body; a question has 2,000 characters at most, and a conversation some of them."""


class SmallBodies:
    """ASGI middleware: a body under `prefix` that is larger than allowed is turned away before it is read."""

    def __init__(self, app: ASGIApp, prefix: str = "/api/", largest: int = LARGEST_REQUEST) -> None:
        self._app = app
        self._prefix = prefix
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass small requests on, whole; answer 413 to the others."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        body = await read_up_to(self._largest, receive)
        if body is None:
            detail = f"the request is larger than {self._largest:,} bytes; ask shorter questions, one a request"
            await JSONResponse({"detail": detail}, 413)(scope, receive, send)
            return
        await self._app(scope, Replay(body, receive), send)


async def read_up_to(largest: int, receive: Receive) -> bytes | None:
    """Read a body; None where it goes on beyond the limit."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > largest:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


class Replay:
    """A `receive` that gives the body once and then what the client sends next, which is its going away."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """Give the next message."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
