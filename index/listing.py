"""What an index holds, article by article, without reading a single text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.store import Store


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One article as a list shows it."""

    id: str
    title: str
    source: str
    published: date | None
    sha256: str
    publisher: str | None
    url: str | None
    passages: int


@dataclass(frozen=True, slots=True)
class Listing:
    """All articles of one state of an index, in order of source."""

    documents: tuple[ListedDocument, ...]
    passages: int
    generation: int


_ROWS = "SELECT id, title, source, published, sha256, publisher, url, passages FROM documents ORDER BY source, id"


def generation_of(directory: Path) -> int:
    """The generation of the index now: a listing of the same one need not be made again."""
    store = Store(directory)
    try:
        return store.generation()
    finally:
        store.close()


def list_documents(directory: Path) -> Listing:
    """List the index at `directory`; raises IndexUnavailableError where there is none."""
    store = Store(directory)
    try:
        with store.snapshot():
            documents = tuple(
                ListedDocument(
                    document_id, title, source, date.fromisoformat(day) if day else None, sha256, publisher, url, count
                )
                for document_id, title, source, day, sha256, publisher, url, count in store.rows.each(_ROWS)
            )
            return Listing(documents, store.count(), store.generation())
    finally:
        store.close()
