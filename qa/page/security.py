"""What every response of the page carries so that a browser runs and fetches nothing but the page's own.

A pure ASGI layer. The policy allows scripts of this origin, and inline ones only by the hash of what the
server itself sent: markup that slipped into the page later could not run. `unsafe-eval` stays because
Gradio compiles its component templates in the browser.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_ADVERTISEMENT = re.compile(rb"<meta\s[^>]*?(?:property=\"og:|name=\"twitter:)[^>]*>\s*", re.IGNORECASE)
_HEAD_END, _TITLE = b"</head>", b"<title>Citespan</title>"
"""Gradio's script gives the page its title, and the login page none, which a screen reader says first."""
_POLICY = (
    "default-src 'none'",
    "script-src 'self' 'unsafe-eval' {hashes}",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy(html: bytes = b"") -> str:
    """Build the policy for a page, allowing the inline scripts in it by their hashes."""
    digests = (hashlib.sha256(_as_browser_reads(script)).digest() for script in _INLINE_SCRIPT.findall(html))
    hashes = " ".join(dict.fromkeys(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests))
    return "; ".join(_POLICY).format(hashes=hashes).replace("  ", " ")


def _as_browser_reads(script: bytes) -> bytes:
    """Normalise line ends as an HTML parser does before it hashes."""
    return script.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _titled(html: bytes) -> bytes:
    return html if b"<title" in html else html.replace(_HEAD_END, _TITLE + _HEAD_END, 1)


class SecurePages:
    """ASGI middleware: security headers on everything; HTML is freed of Gradio's outward link previews, and named."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and secure its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(_uncompressed(scope), receive, _Securing(send))


def _uncompressed(scope: Scope) -> Scope:
    """Ask the inner app for plain bytes where a browser asks for a page, since those are read here."""
    headers = scope["headers"]
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    return {**scope, "headers": [pair for pair in headers if pair[0] != b"accept-encoding"]}


class _Securing:
    """A `send` that adds headers, and holds HTML back until it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
                self._start = message
                return
            headers["Content-Security-Policy"] = content_security_policy()
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body", False):
                return
            message = await self._release(self._start)
        await self._send(message)

    async def _release(self, start: Message) -> Message:
        """Send the held head with the policy of the whole page; returns the body message."""
        html = _titled(_ADVERTISEMENT.sub(b"", bytes(self._body)))
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = content_security_policy(html)
        headers["Content-Length"] = str(len(html))
        self._start = None
        await self._send(start)
        return {"type": "http.response.body", "body": html, "more_body": False}
