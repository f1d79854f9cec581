"""The Model Context Protocol over HTTP, for the one tool there is: asking.

Gradio's own MCP server would need the package `mcp` with its dependencies and would offer the page's events, which
are drawings. What a client needs of the protocol for a tool without a session is three methods of JSON-RPC 2.0, each
answered with one JSON object, as its "streamable HTTP" transport allows.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import HTTPException, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool

from corpus.errors import CitespanError
from qa.api.bodies import AskBody
from qa.collection import Collection
from qa.serialise import answer_to_json
from qa.turnstile import BusyError, Turnstile

_VERSIONS = ("2025-06-18", "2025-03-26")
"""Of the protocol; both have this transport."""
_NO_SUCH_METHOD, _BAD_PARAMETERS = -32601, -32602
_TOOL = "ask_articles"
_ABOUT = (
    "Answer a question with the exact words of an article, cited with document, offsets and hash, or say that the "
    "articles do not say. Nothing is generated."
)
Find = Callable[[str | None], Collection]


class Call(BaseModel):
    """A JSON-RPC request; a notification has no id."""

    model_config = ConfigDict(extra="ignore")

    jsonrpc: str
    method: str
    id: str | int | None = None
    params: dict[str, Any] = {}


class _WrongCallError(Exception):
    """Code and message of a JSON-RPC error."""


def mcp_route(find: Find, turnstile: Turnstile) -> Callable[[Call], Awaitable[Response]]:
    """Make the endpoint over the collections."""

    async def mcp(call: Call) -> Response:
        if call.id is None:
            return Response(status_code=202)
        try:
            result = await _result(call, find, turnstile)
        except _WrongCallError as error:
            code, message = error.args
            failed = {"jsonrpc": "2.0", "id": call.id, "error": {"code": code, "message": message}}
            return JSONResponse(failed)
        return JSONResponse({"jsonrpc": "2.0", "id": call.id, "result": result})

    return mcp


async def _result(call: Call, find: Find, turnstile: Turnstile) -> dict[str, Any]:
    match call.method:
        case "initialize":
            asked = call.params.get("protocolVersion")
            return {
                "protocolVersion": asked if asked in _VERSIONS else _VERSIONS[0],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "citespan", "version": "1"},
            }
        case "ping":
            return {}
        case "tools/list":
            tool = {"name": _TOOL, "description": _ABOUT, "inputSchema": AskBody.model_json_schema()}
            return {"tools": [tool | {"annotations": {"readOnlyHint": True, "openWorldHint": False}}]}
        case "tools/call":
            return await _called(call.params, find, turnstile)
    raise _WrongCallError(_NO_SUCH_METHOD, f"no method {call.method!r}; there are initialize, tools/list, tools/call")


async def _called(params: dict[str, Any], find: Find, turnstile: Turnstile) -> dict[str, Any]:
    """Ask; what is wrong with the question is the tool's answer, so that a model can mend it."""
    if params.get("name") != _TOOL:
        raise _WrongCallError(_BAD_PARAMETERS, f"no tool {params.get('name')!r}; there is {_TOOL}")
    try:
        body = AskBody.model_validate(params.get("arguments"))
        collection = find(body.collection)
        async with turnstile.turn():
            answer = await run_in_threadpool(collection.ask, body.question, body.terms(), body.previous)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        return _text(faults, failed=True)
    except CitespanError as error:
        return _text(str(error), failed=True)
    except HTTPException as error:
        return _text(error.detail, failed=True)
    except BusyError:
        return _text("too many questions are waiting; ask again in a moment", failed=True)
    row = answer_to_json(answer, body.id)
    return _text(json.dumps(row, ensure_ascii=False)) | {"structuredContent": row}


def _text(words: str, *, failed: bool = False) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], "isError": failed}
