"""A server that is not reached, not there yet, or refuses: one line each, and calls made again where that helps."""

import base64
import threading
import time
from concurrent import futures

import grpc
import pytest
from pymilvus import MilvusException

from corpus.errors import IndexUnavailableError, UsageError
from index.engines.milvus import door as doors
from index.engines.milvus.door import Door
from index.engines.milvus.opening import open_milvus
from index.engines.milvus.place import MilvusPlace


class Guard(grpc.ServerInterceptor):
    """Lets in who shows the token, as a Milvus with users does."""

    def __init__(self, token: str) -> None:
        self._expected = base64.b64encode(token.encode()).decode()
        self._handler = grpc.unary_unary_rpc_method_handler(
            lambda _request, context: context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure")
        )

    def intercept_service(self, continuation, details):
        shown = dict(details.invocation_metadata).get("authorization", "")
        return continuation(details) if shown == self._expected else self._handler


@pytest.fixture
def guarded(tmp_path):
    """A Milvus Lite behind a guard; gives its address."""
    from milvus_lite.adapter.grpc.servicer import MilvusServicer
    from milvus_lite.db import MilvusLite
    from pymilvus.grpc_gen import milvus_pb2_grpc

    database = MilvusLite(str(tmp_path / "guarded.db"))
    server = grpc.server(futures.ThreadPoolExecutor(4), interceptors=[Guard("root:secret")])
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(database), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop(None).wait()
    database.close()


def token_file(tmp_path, text: str):
    path = tmp_path / "token"
    path.write_text(text)
    return path


def test_the_right_token_lets_in(guarded, tmp_path) -> None:
    with pytest.raises(IndexUnavailableError, match="no index citespan at"):
        open_milvus(MilvusPlace(guarded, token_file=token_file(tmp_path, "root:secret\n")))


@pytest.mark.parametrize("token", ["root:wrong", None])
def test_a_wrong_token_or_none_is_refused_in_one_line_and_at_once(guarded, tmp_path, token) -> None:
    file = token_file(tmp_path, token) if token else None
    with pytest.raises(
        IndexUnavailableError, match=r"refused the token \(.*auth check failure.*\); give one"
    ) as caught:
        open_milvus(MilvusPlace(guarded, token_file=file))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_token_file_must_hold_one_line(tmp_path) -> None:
    for text, expected in (("", "must hold one line"), ("a\nb", "must hold one line")):
        with pytest.raises(UsageError, match=expected):
            MilvusPlace("http://host:1", token_file=token_file(tmp_path, text)).token()
    with pytest.raises(UsageError, match="cannot be read"):
        MilvusPlace("http://host:1", token_file=tmp_path / "none").token()


@pytest.mark.parametrize("uri", ["host:19530", "ftp://host", "folder", ""])
def test_an_address_that_cannot_be_one_is_refused(uri) -> None:
    with pytest.raises(UsageError, match="is no address of Milvus"):
        MilvusPlace(uri)


def test_a_password_in_an_address_is_not_shown() -> None:
    assert MilvusPlace("http://root:secret@host:19530").shown == "http://host:19530"


def test_nobody_there_is_told_in_one_line_after_a_few_tries(monkeypatch) -> None:
    waited = []
    monkeypatch.setattr(doors.time, "sleep", waited.append)
    with pytest.raises(IndexUnavailableError, match=r"cannot be reached, tried 4 times \(") as caught:
        Door(MilvusPlace("http://127.0.0.1:9"))
    assert "\n" not in str(caught.value)
    assert [pause for pause in waited if pause in doors.PAUSES] == list(doors.PAUSES)


def test_a_server_that_comes_up_a_moment_later_is_waited_for(milvus_server, monkeypatch) -> None:
    milvus_server.end()
    monkeypatch.setattr(doors, "PAUSES", (0.5,) * 100)
    threading.Timer(1.0, milvus_server.begin).start()
    Door(MilvusPlace(milvus_server.uri)).close()


def test_a_call_goes_on_over_a_server_that_was_begun_again(milvus_server, encoded, monkeypatch) -> None:
    from index.engines.milvus.opening import write_milvus

    item = encoded("/a", "the tram opened")
    monkeypatch.setattr(doors, "PAUSES", (0.5,) * 100)
    with write_milvus(MilvusPlace(milvus_server.uri), encoder="bag@1", dimension=16, chunker="c1") as engine:
        engine.add([item])
        milvus_server.end()
        threading.Timer(0.5, milvus_server.begin).start()
        begun = time.monotonic()
        assert engine._door.count("citespan_passages") == 1
        assert time.monotonic() - begun >= 0.3


def test_an_error_that_is_its_causes_cause_has_an_end() -> None:
    one, other = MilvusException(code=65535, message="one"), MilvusException(code=65535, message="other")
    one.__cause__, other.__cause__ = other, one
    assert doors._rpc_error(one) is None
    assert doors._reason(one) == "one"


def test_what_is_refused_is_not_asked_again(lite_milvus, tmp_path, monkeypatch) -> None:
    door = Door(lite_milvus.place(tmp_path))
    waited = []
    monkeypatch.setattr(doors.time, "sleep", waited.append)
    with pytest.raises(IndexUnavailableError, match=r"failed: .*nope"):
        door.call("query", collection_name="nope", filter="", output_fields=["id"], limit=1)
    assert waited == []
    door.close()
    with pytest.raises(UsageError, match="is closed"):
        door.count("nope")
