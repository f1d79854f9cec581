"""Serves the page with uvicorn: the socket first, so that a taken port is one line and not a stack."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from corpus.errors import ServingError
from qa.api.routes import add_api
from qa.page.credentials import Credentials, is_loopback
from qa.page.layout import mount, page
from qa.page.security import SecurePages
from qa.page.shelf import Shelf, Shelves

_SECONDS_TO_FINISH = 2
_ABOUT = "Questions to a folder of articles, answered with their exact words and where they stand."
_VERSION = "1"
"""Of the interface, not of the package."""


def application(shelves: Sequence[Shelf], *, host: str, credentials: Credentials | None) -> FastAPI:
    """Make the ASGI application: the programs' interface, the page, security headers and, where asked for, a door."""

    async def build() -> FastAPI:
        app = FastAPI(title="Citespan", description=_ABOUT, version=_VERSION, openapi_url=None)
        add_api(app, [shelf.collection for shelf in shelves], credentials)
        app.add_middleware(SecurePages)
        if is_loopback(host):
            # Without this a website could reach the page through a name that it points at 127.0.0.1.
            app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", host])
        shown = Shelves(shelves)
        mount(app, page(shown), credentials.admit if credentials else None, uploading=shown.uploading)
        return app

    # Built inside an event loop: outside of one Gradio opens several and leaves them open.
    return asyncio.run(build())


def listen(host: str, port: int) -> socket.socket:
    """Take the address; raises ServingError where it is taken, unknown or not allowed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ServingError(
            f"cannot listen on {host} ({error.strerror}); give this machine's address with --host"
        ) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except OSError as error:
        bound.close()
        raise ServingError(f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port") from error
    return bound


def serve_until_interrupted(app: FastAPI, bound: socket.socket) -> None:
    """Serve until Ctrl-C, which is how serving ends well."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_SECONDS_TO_FINISH
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])
