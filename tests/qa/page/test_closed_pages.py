"""What is kept of pages that were closed: a bounded number of them, however many come and go."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager

import httpx
import pytest
import uvicorn

from qa.page.closed_pages import KEPT, ClosedPages
from qa.page.server import application, listen
from qa.page.shelf import Shelf


@pytest.fixture
def pages():
    """Three pages, two of which are kept once they are closed; and which were forgotten."""
    used = {"a": 1, "b": 1, "c": 1}
    forgotten = []
    return ClosedPages(used.get, forgotten.append, kept=2), used, forgotten


def test_those_closed_last_are_kept(pages):
    closed, _, forgotten = pages
    for session in "abc":
        assert forgotten == []
        closed.close(session)
    assert forgotten == ["a"]


def test_a_page_closed_again_counts_once(pages):
    closed, _, forgotten = pages
    for session in "abab":
        closed.close(session)
    assert forgotten == []
    closed.close("a")
    closed.close("c")
    assert forgotten == ["b"]


def test_a_page_that_was_used_since_is_not_forgotten(pages):
    closed, used, forgotten = pages
    closed.close("a")
    used["a"] = 2
    for session in "bc":
        closed.close(session)
    assert forgotten == []
    closed.close("a")
    assert forgotten == ["b"]


@contextmanager
def served(app):
    """Over a socket: only so does a stream end as it does when a browser's page is closed."""
    with listen("127.0.0.1", 0) as bound:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


def wait_until(true) -> bool:
    until = time.monotonic() + 60
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def kept_by_gradio(app):
    """The sessions with values, and those that have or had events."""
    gradio = next(route.app for route in app.routes if hasattr(getattr(route, "app", None), "state_holder"))
    queue = gradio.get_blocks()._queue
    return gradio.state_holder.session_data, queue.pending_event_ids_session, queue.pending_messages_per_session


def test_pages_that_were_opened_and_closed_leave_no_more_than_a_few(library, event_of):
    app = application([Shelf(library)], host="127.0.0.1", credentials=None)
    closed = KEPT + 5
    sessions, *of_events = kept_by_gradio(app)
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        event = event_of(client, "cs-question", "submit")

        def ask(session):
            # Too long to be put: refused, and drawn and kept like any other.
            body = {"data": ["x" * 2001, None, "nothing", 25, "", "", ""], "fn_index": event}
            client.post("/gradio_api/queue/join", json=body | {"session_hash": session}).raise_for_status()
            stream = client.get("/gradio_api/queue/data", params={"session_hash": session}).text
            assert "Ask a shorter one" in stream

        with client.stream("GET", "/gradio_api/heartbeat/open"):
            ask("open")
            with ExitStack() as streams:
                for number in range(closed):
                    streams.enter_context(client.stream("GET", f"/gradio_api/heartbeat/{number}"))
                    ask(str(number))
                assert len(sessions) == closed + 1
            assert wait_until(lambda: len(sessions) == KEPT + 1)
            assert "open" in sessions
            assert all(len(kept) == KEPT + 1 for kept in of_events)
