"""The gate before all that is served: only what the page and the programs' interface need, from nobody else's page.

Gradio brings more routes than the page uses: one fetches addresses of the caller's choice, one tells how often what
was called, several answer without a password. What is not listed here is not there.
"""

from __future__ import annotations

from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.page.attempts import address_of
from qa.uploading import LARGEST_FILE, MOST_AT_ONCE

CALLER: ContextVar[str] = ContextVar("caller", default="")
"""The address that the request being answered came from, for what Gradio calls without it."""

_READ = {
    *("/", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/logout"),
    *("/gradio_api/queue/data", "/gradio_api/upload_progress"),
}
_READ_BELOW = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_WRITTEN = {"/login", "/gradio_api/queue/join"}
_WRITTEN_BELOW = ("/gradio_api/run/",)
"""Clicks that need not wait; Gradio itself keeps events with a queue out of it."""
_UPLOAD = "/gradio_api/upload"
_PROGRAMS = "/api/"
_LARGEST_UPLOAD = MOST_AT_ONCE * LARGEST_FILE + 64 * 1024


class Gate:
    """ASGI middleware; `uploading` where files are taken."""

    def __init__(self, app: ASGIApp, *, uploading: bool) -> None:
        self._app = app
        self._written = _WRITTEN | ({_UPLOAD} if uploading else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await JSONResponse({"detail": refused[1]}, refused[0])(scope, receive, send)
            return
        CALLER.set(address_of(scope))
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        method, path, headers = scope["method"], scope["path"], Headers(scope=scope)
        reading = method in {"GET", "HEAD"}
        if not path.startswith(_PROGRAMS) and not self._is_of_the_page(path, reading):
            return 404, "there is no such place"
        if _is_foreign(headers, reading):
            return 403, "other websites may not ask; call from a program, or from the page itself"
        if path == _UPLOAD and not reading and not _fits(headers):
            return 413, f"give at most {MOST_AT_ONCE} files of {LARGEST_FILE >> 20} MB at once"
        return None

    def _is_of_the_page(self, path: str, reading: bool) -> bool:
        if not reading:
            return path in self._written or path.startswith(_WRITTEN_BELOW)
        return path in _READ or path.startswith(_READ_BELOW)


def _is_foreign(headers: Headers, reading: bool) -> bool:
    """Whether a browser says that the request comes from another website's page.

    `Origin` is compared with the name that the browser asked for; `Sec-Fetch-Site` is not sent everywhere, and of a
    link that is followed it says "cross-site", which is as it should be.
    """
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host", ""):
        return True
    return not reading and headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}


def _fits(headers: Headers) -> bool:
    """Whether an upload says its size, and it is one to take."""
    length = headers.get("content-length", "")
    return length.isdecimal() and int(length[:20]) <= _LARGEST_UPLOAD
