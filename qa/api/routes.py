"""The routes: each looks its collection up, asks it, and gives the design's JSON back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from corpus.errors import CitespanError, UsageError
from corpus.types import Document
from index.listing import ListedDocument
from qa.api import bodies
from qa.api.door import door
from qa.api.limits import SmallBodies
from qa.api.mcp import mcp_route
from qa.api.probes import add_metrics, add_probes
from qa.collection import Collection, counts_of
from qa.metered import MeteredCollection
from qa.metrics import Metrics
from qa.page.credentials import Credentials
from qa.serialise import answer_to_json
from qa.turnstile import BusyError, Turnstile

_GONE = 499
"""As web servers log it: nobody waits for this answer any more."""
_Errors = dict[int | str, dict[str, Any]]
_NO_SUCH: _Errors = {404: {"model": bodies.ErrorBody, "description": "No such collection or article"}}
_REFUSED: _Errors = {
    401: {"model": bodies.ErrorBody, "description": "No user and password, or wrong ones"},
    422: {"model": bodies.ErrorBody, "description": "The request is malformed; `detail` says how"},
    429: {"model": bodies.ErrorBody, "description": "Too many wrong passwords; `Retry-After` says for how long"},
    503: {"model": bodies.ErrorBody, "description": "Too many questions at once, or the index cannot be read now"},
}
Name = Annotated[str | None, Query(alias="collection", description="the first one where none is named")]


class Shelves:
    """The collections by name, the first one where none is named."""

    def __init__(self, collections: Sequence[Collection]) -> None:
        self.all: Mapping[str, Collection] = {one.name: one for one in collections}
        self._first = collections[0]

    def find(self, name: str | None) -> Collection:
        """Raises HTTPException 404 for a name that there is not."""
        if name is None:
            return self._first
        if name not in self.all:
            raise HTTPException(404, f"no collection {name!r}; there are: {', '.join(self.all)}")
        return self.all[name]


def add_api(
    app: FastAPI,
    collections: Sequence[Collection],
    credentials: Credentials | None,
    turnstile: Turnstile,
    metrics: Metrics | None = None,
) -> None:
    """Put the programs' interface under /api of an application; questions wait at the turnstile."""
    metrics = metrics or Metrics()
    collections = [MeteredCollection(one, metrics) for one in collections]
    add_probes(app, collections)
    shelves = Shelves(collections)
    router = APIRouter(prefix="/api", dependencies=[Depends(door(credentials))], responses=_REFUSED)
    _add_asking(router, shelves, turnstile)
    _add_reading(router, shelves)
    add_metrics(router, collections, metrics, turnstile)
    router.add_api_route("/mcp", mcp_route(shelves.find, turnstile), methods=["POST"], include_in_schema=False)
    router.add_api_route("/openapi.json", app.openapi, methods=["GET"], include_in_schema=False)
    app.include_router(router)
    app.add_exception_handler(CitespanError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(BusyError, _busy)
    app.add_middleware(SmallBodies)


def _add_asking(router: APIRouter, shelves: Shelves, turnstile: Turnstile) -> None:
    @router.post("/ask", summary="Ask one question", responses={200: {"model": bodies.AnswerBody}, **_NO_SUCH})
    async def ask(body: bodies.AskBody, request: Request) -> Response:
        """Answer with words of an article and where they stand, or abstain."""
        collection = shelves.find(body.collection)
        async with turnstile.turn():
            if await request.is_disconnected():
                return Response(status_code=_GONE)
            answer = await run_in_threadpool(collection.ask, body.question, body.terms(), body.previous)
        return JSONResponse(answer_to_json(answer, body.id))


def _add_reading(router: APIRouter, shelves: Shelves) -> None:
    @router.get("/documents", summary="List the articles", responses=_NO_SUCH)
    def documents(
        collection: Name = None,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> bodies.DocumentsBody:
        """List articles in order of source, a page at a time."""
        found = shelves.find(collection)
        listed = found.listing().documents
        page = [_listed(one) for one in listed[offset : offset + limit]]
        return bodies.DocumentsBody(collection=found.name, total=len(listed), documents=page)

    @router.get("/documents/{document_id}", summary="Read one article", responses=_NO_SUCH)
    def document(document_id: str, collection: Name = None) -> bodies.DocumentBody:
        """Give the text that offsets refer to, with its hash."""
        try:
            return _document(shelves.find(collection).document(document_id))
        except KeyError:
            raise HTTPException(404, f"no document {document_id!r}; give a document_id of a citation") from None

    @router.get("/health", summary="Whether questions can be answered")
    def health() -> bodies.HealthBody:
        """Count what each collection holds; an index that cannot be read is a 503."""
        counts = [_counted(one) for one in shelves.all.values()]
        return bodies.HealthBody(status="ok", collections=counts)


def _listed(one: ListedDocument) -> bodies.ListedBody:
    return bodies.ListedBody(**asdict(one))


def _document(document: Document) -> bodies.DocumentBody:
    return bodies.DocumentBody(**asdict(document))


def _counted(collection: Collection) -> bodies.CollectionBody:
    return bodies.CollectionBody(name=collection.name, **asdict(counts_of(collection)))


def _told(_request: Request, error: Exception) -> JSONResponse:
    """Tell a foreseen failure in its one line."""
    return JSONResponse({"detail": str(error)}, 422 if isinstance(error, UsageError) else 503)


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """Say what is wrong without giving it back: half a surrogate pair cannot be sent."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    return JSONResponse({"detail": [{"loc": one["loc"], "msg": one["msg"]} for one in faults]}, 422)


def _busy(_request: Request, _error: Exception) -> JSONResponse:
    detail = "too many questions are waiting; ask again in a moment"
    return JSONResponse({"detail": detail}, 503, {"Retry-After": "2"})
