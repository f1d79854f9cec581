"""The one tool over the Model Context Protocol."""

from __future__ import annotations

import json

from qa.serialise import answer_to_json


def call(client, method, **params):
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return client.post("/api/mcp", json=request).json()


def test_a_client_finds_the_tool_and_asks(serve, answer):
    client = serve()
    hello = call(client, "initialize", protocolVersion="2025-03-26", capabilities={}, clientInfo={"name": "t"})
    assert hello["result"]["protocolVersion"] == "2025-03-26"
    assert client.post("/api/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    (tool,) = call(client, "tools/list")["result"]["tools"]
    assert tool["inputSchema"]["required"] == ["question"]
    result = call(client, "tools/call", name=tool["name"], arguments={"question": answer.question})["result"]
    assert result["isError"] is False
    assert result["structuredContent"] == answer_to_json(answer, None) == json.loads(result["content"][0]["text"])


def test_a_bad_question_is_the_tools_answer(serve):
    client = serve()
    for arguments, told in (
        ({}, "question"),
        ({"question": " "}, "empty"),
        ({"question": "x", "collection": "y"}, "y"),
    ):
        result = call(client, "tools/call", name="ask_articles", arguments=arguments)["result"]
        assert result["isError"] is True
        assert told in result["content"][0]["text"]


def test_an_unknown_method_or_tool_is_an_error(serve):
    client = serve()
    assert call(client, "resources/list")["error"]["code"] == -32601
    assert call(client, "tools/call", name="rm")["error"]["code"] == -32602
    assert call(client, "ping")["result"] == {}
