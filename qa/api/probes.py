"""For who runs servers: is it alive, is it ready, and what has it counted."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse

from corpus.errors import CitespanError
from qa.collection import Collection, Counts, counts_of
from qa.metrics import CONTENT_TYPE, Gauge, Metrics
from qa.turnstile import Turnstile


def add_probes(app: FastAPI, collections: Sequence[Collection]) -> None:
    """Put /api/live and /api/ready before the door: a load balancer has no password, and they tell nothing else."""
    router = APIRouter(prefix="/api")

    @router.get("/live", summary="Whether the process answers at all")
    def live() -> JSONResponse:
        """Say so; where this fails the process is to be started again."""
        return JSONResponse({"status": "alive"})

    @router.get("/ready", summary="Whether questions can be put now", responses={503: {"description": "Not now"}})
    def ready() -> JSONResponse:
        """Ask every collection's engine; where one does not answer, questions are to go to another process."""
        unready = sum(_counts(one) is None for one in collections)
        return JSONResponse({"status": "not ready" if unready else "ready"}, 503 if unready else 200)

    app.include_router(router)


def add_metrics(router: APIRouter, collections: Sequence[Collection], metrics: Metrics, turnstile: Turnstile) -> None:
    """Put /metrics on a router."""

    @router.get("/metrics", summary="Counts for Prometheus", response_class=Response)
    def exposition() -> Response:
        """Tell how many questions came, how they ended, how long they took and how many wait."""
        return Response(metrics.exposition(_gauges(collections, turnstile)), media_type=CONTENT_TYPE)


def _gauges(collections: Sequence[Collection], turnstile: Turnstile) -> list[Gauge]:
    held = {one.name: counts for one in collections if (counts := _counts(one)) is not None}
    return [
        Gauge("citespan_questions_answering", "Questions being answered now.", {"": turnstile.answering}),
        Gauge("citespan_questions_waiting", "Questions waiting for their turn.", {"": turnstile.waiting}),
        Gauge("citespan_passages", "Passages in the index.", {name: one.passages for name, one in held.items()}),
        Gauge("citespan_documents", "Articles in the index.", {name: one.documents for name, one in held.items()}),
        Gauge("citespan_generation", "Batches written so far.", {name: one.generation for name, one in held.items()}),
        Gauge("citespan_ready", "Whether the engine answers.", {one.name: one.name in held for one in collections}),
    ]


def _counts(collection: Collection) -> Counts | None:
    """What the collection holds, None where its engine cannot tell now."""
    try:
        return counts_of(collection)
    except (CitespanError, OSError):
        return None
