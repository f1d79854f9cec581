"""What the page's events may name as a file: what was uploaded, and nothing else.

Gradio looks through the values of every event for objects with a `path`. It copies the file, whatever component it is
for, and where the path is an address it fetches it: anybody who may ask could make the server call any address. So an
event is read here first, and what was read is what is passed on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.api.limits import Replay, read_up_to

_EVENTS = ("/gradio_api/queue/join", "/gradio_api/run/")
_LARGEST = 512 * 1024
"""Bytes of an event; what a mouse can mark in an article is the largest."""


class OwnFiles:
    """ASGI middleware: an event that names a file outside of the folder of uploads is turned away."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything else on as it is."""
        if scope["type"] != "http" or not scope["path"].startswith(_EVENTS):
            await self._app(scope, receive, send)
            return
        body = await read_up_to(_LARGEST, receive)
        if body is None:
            await JSONResponse({"detail": f"an event has at most {_LARGEST:,} bytes"}, 413)(scope, receive, send)
            return
        try:
            event = json.loads(body)
            allowed = all(self._is_upload(path) for path in _paths(event))
            same = json.dumps(event).encode()
        except (ValueError, RecursionError):
            await JSONResponse({"detail": "the event is no JSON"}, 400)(scope, receive, send)
            return
        if not allowed:
            await JSONResponse({"detail": "the event names a file that was not uploaded"}, 403)(scope, receive, send)
            return
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
        await self._app(scope, Replay(same, receive), send)

    def _is_upload(self, path: object) -> bool:
        return isinstance(path, str) and Path(path).resolve().is_relative_to(self._folder)


def _paths(value: object) -> Iterator[object]:
    """Every `path` of every object in it."""
    if isinstance(value, dict):
        if "path" in value:
            yield value["path"]
        for part in value.values():
            yield from _paths(part)
    elif isinstance(value, list):
        for part in value:
            yield from _paths(part)
