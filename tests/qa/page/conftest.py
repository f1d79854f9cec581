"""A page that takes files, one behind a password, and an attacker's ways to ask them; no browser."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from index.listing import ListedDocument, Listing
from index.types import BuildReport
from qa.page.credentials import Credentials
from qa.page.passwords import hash_password
from qa.page.server import application
from qa.page.shelf import Shelf

WORD = "secret-door"


class Library:
    """Is listed, and never asked."""

    name = "nothing"
    default_target_error = None

    def listing(self):
        one = ListedDocument("a", "A", "/a.txt", None, "", None, None, 1)
        return Listing((one,) * 3, passages=40, generation=1)

    def ask(self, *_, **__):
        raise AssertionError

    def document(self, document_id):
        raise KeyError(document_id)


class Uploads:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.given = []

    def take(self, files):
        self.given += [(one.name, one.path.read_text()) for one in files]
        yield BuildReport((), (), (), (), (), 0, 0)

    def holds(self, source):
        return False


@pytest.fixture
def library():
    """A collection that is listed, and never asked."""
    return Library()


@pytest.fixture(scope="module")
def uploads():
    return Uploads()


@pytest.fixture(scope="module")
def open_page(uploads):
    """A page without a password that takes files, as a program sees it."""
    app = application([Shelf(Library(), (), None, uploads)], host="127.0.0.1", credentials=None)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def word():
    """The password that opens the locked page."""
    return WORD


@pytest.fixture
def locked():
    """A page behind a password; new for each test, which may lock itself out."""
    credentials = Credentials({"ana": hash_password(WORD)})
    app = application([Shelf(Library(), ("Who?",))], host="0.0.0.0", credentials=credentials)
    with TestClient(app, base_url="http://page.example", headers={"accept": "text/html"}) as client:
        yield client


@pytest.fixture
def event_of():
    """The number of the event that something on the page sets off."""

    def number(client, element, trigger):
        config = client.get("/config").json()
        ids = {one["props"].get("elem_id"): one["id"] for one in config["components"]}
        return next(one["id"] for one in config["dependencies"] if [ids[element], trigger] in map(list, one["targets"]))

    return number


@pytest.fixture
def outcome():
    """Put an event into the queue as a program that pretends to be the page, and read what comes of it."""

    def put(client, event, *data):
        body = {"data": list(data), "fn_index": event, "session_hash": "abc"}
        assert client.post("/gradio_api/queue/join", json=body).status_code == 200
        # Read to its end: Gradio's stream complains on the log when it is left before.
        stream = client.get("/gradio_api/queue/data", params={"session_hash": "abc"}).text.splitlines()
        messages = [json.loads(line[6:]) for line in stream if line.startswith("data: ")]
        return next(message for message in messages if message["msg"] == "process_completed")

    return put
