"""Serves the page with uvicorn: the socket first, so that a taken port is one line and not a stack."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import uvicorn
from fastapi import FastAPI, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware

from corpus.errors import ServingError
from qa.api.limits import SmallBodies
from qa.api.routes import add_api
from qa.metered import MeteredCollection
from qa.metrics import Metrics
from qa.page.attempts import TooManyAttemptsError
from qa.page.credentials import Credentials, is_loopback
from qa.page.gate import CALLER, Gate
from qa.page.layout import mount, page, uploads_folder
from qa.page.own_files import OwnFiles
from qa.page.security import SecurePages
from qa.page.shelf import Shelf, Shelves
from qa.turnstile import Turnstile

_SECONDS_TO_FINISH = 2
_CONNECTIONS = 1000
"""Open at once; every page holds two or three."""
_LARGEST_LOGIN = 16 * 1024
_ABOUT = "Questions to a folder of articles, answered with their exact words and where they stand."
_VERSION = "1"
"""Of the interface, not of the package."""


def application(shelves: Sequence[Shelf], *, host: str, credentials: Credentials | None) -> FastAPI:
    """Make the ASGI application: the programs' interface, the page, security headers and, where asked for, a door."""

    async def build() -> FastAPI:
        app = FastAPI(title="Citespan", description=_ABOUT, version=_VERSION, openapi_url=None)
        metrics, turnstile = Metrics(), Turnstile()
        shown = Shelves([replace(one, collection=MeteredCollection(one.collection, metrics)) for one in shelves])
        add_api(app, [shelf.collection for shelf in shelves], credentials, turnstile, metrics)
        app.add_middleware(OwnFiles, folder=uploads_folder())
        app.add_middleware(SmallBodies, prefix="/login", largest=_LARGEST_LOGIN)
        app.add_middleware(Gate, uploading=shown.uploading)
        app.add_middleware(SecurePages)
        if is_loopback(host):
            # Without this a website could reach the page through a name that it points at 127.0.0.1.
            app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", host])
        mount(app, page(shown, turnstile), _door(credentials), uploading=shown.uploading)
        return app

    # Built inside an event loop: outside of one Gradio opens several and leaves them open.
    return asyncio.run(build())


def _door(credentials: Credentials | None) -> Callable[[str, str], Awaitable[bool]] | None:
    """What the page's login asks; in a thread, since comparing takes a while by design."""
    if credentials is None:
        return None

    async def admit(user: str, password: str) -> bool:
        try:
            return await run_in_threadpool(credentials.admit, user, password, CALLER.get())
        except TooManyAttemptsError as error:
            raise HTTPException(429, str(error), {"Retry-After": str(error.seconds)}) from error

    return admit


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
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])
