"""A collection in memory and a client of its programs' interface."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from corpus.errors import UsageError
from index.listing import ListedDocument, Listing
from qa.api.routes import add_api
from qa.page.credentials import Credentials
from qa.page.passwords import hash_password
from qa.page.security import SecurePages
from qa.turnstile import Turnstile


class Shelf:
    """One article and one answer; remembers what it was asked."""

    def __init__(self, name, document, answer) -> None:
        self.name = name
        self.default_target_error = 0.25
        self.asked = []
        self._document, self._answer = document, answer

    def ask(self, question, terms=None, previous=(), notice=None):
        if not question.strip():
            raise UsageError("the question is empty; ask something")
        self.asked.append((question, terms, tuple(previous)))
        return replace(self._answer, question=question)

    def document(self, document_id):
        return {self._document.id: self._document}[document_id]

    def listing(self):
        one = self._document
        listed = ListedDocument(
            one.id, one.title, one.source, one.published, one.sha256, one.publisher, one.url, passages=2
        )
        return Listing((listed,), passages=2, generation=7)

    def caveat(self, target_error):
        return None


@pytest.fixture
def shelf(article, answer):
    return Shelf("harbour", article, answer)


@pytest.fixture
def serve(shelf, article, abstention):
    """Open a client on the two collections; with users there is a door."""
    opened = []

    def start(**users):
        collections = [shelf, Shelf("silent", article, abstention)]
        credentials = Credentials({name: hash_password(word) for name, word in users.items()}) if users else None
        # The page is left out: laying it out takes longer than all of these tests.
        app = FastAPI(openapi_url=None)
        add_api(app, collections, credentials, Turnstile())
        app.add_middleware(SecurePages)
        client = TestClient(app, base_url="http://127.0.0.1")
        opened.append(client.__enter__())
        return client

    yield start
    for client in opened:
        client.__exit__(None, None, None)
