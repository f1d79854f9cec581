"""Who may use the programs' interface: those who may enter the page, by HTTP Basic."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase

from qa.page.attempts import TooManyAttemptsError, address_of
from qa.page.credentials import Credentials


class _Basic(SecurityBase):
    """HTTP Basic in UTF-8 (RFC 7617); FastAPI's own takes ASCII passwords only."""

    def __init__(self) -> None:
        self.model = HTTPBase(scheme="basic", description="A user of --auth-file; needed only where there is one.")
        self.scheme_name = "basic"

    def __call__(self, request: Request) -> tuple[str, str] | None:
        scheme, _, coded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = base64.b64decode(coded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon else None


Given = Annotated[tuple[str, str] | None, Depends(_Basic())]


def door(credentials: Credentials | None) -> Callable[[Request, Given], None]:
    """Make the check that every route depends on; without credentials everybody on this machine may enter."""

    def check(request: Request, given: Given) -> None:
        if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            # A browser sends this for another website's script: 127.0.0.1 is no secret to it.
            raise HTTPException(403, "other websites may not ask; call from a program, or from the page itself")
        if credentials is None:
            return
        try:
            admitted = given is not None and credentials.admit(*given, address_of(request.scope))
        except TooManyAttemptsError as error:
            raise HTTPException(429, str(error), {"Retry-After": str(error.seconds)}) from error
        if not admitted:
            challenge = {"WWW-Authenticate": 'Basic realm="Citespan", charset="UTF-8"'}
            raise HTTPException(401, "give a user and a password of the page, as in curl -u user:password", challenge)

    return check
