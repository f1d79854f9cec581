"""What the truth holds, as another index takes it over: each document's version, and documents with vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.engines.milvus.versions import version_of
from index.store import Store
from index.types import EncodedDocument

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """One document of a truth, without reading its text."""

    id: str
    source: str
    passages: int
    version: str
    """Another one wherever anything differs that a question could meet (see `version_of`), if copies were looked at."""
    copies: tuple[str, ...]


def stored_documents(store: Store, *, copies: bool = True) -> list[Stored]:
    """All documents in order of source, in one state of the truth; without `copies` each counts as having none."""
    with store.snapshot():
        seals: defaultdict[int, list[bytes]] = defaultdict(list)
        for document, seal in store.rows.each("SELECT document, seal FROM passages"):
            seals[document].append(seal)
        rows = store.rows.all("SELECT key, id, source, passages, seal FROM documents ORDER BY source, id")
        others = _copies(store, [row[1] for row in rows]) if copies else {}
    return [
        Stored(key, source, passages, version_of(seal, seals[number], others.get(key, ())), others.get(key, ()))
        for number, key, source, passages, seal in rows
    ]


def encoded_document(store: Store, document_id: str) -> EncodedDocument | None:
    """The document with its passages and vectors, None where it was removed since; raises IndexDamagedError."""
    sql = """SELECT p.key, p.id FROM passages p JOIN documents d ON d.key = p.document WHERE d.id = ? ORDER BY p.key"""
    with store.snapshot():
        rows = store.rows.all(sql, document_id)
        _, vectors = store.vectors.of_keys([key for key, _ in rows])
    try:
        passages = store.passages([passage_id for _, passage_id in rows])
        document = store.document(document_id)
    except KeyError:
        return None
    if len(passages) != len(vectors):
        return None
    return EncodedDocument(document, tuple(passages), vectors)


def in_batches(documents: Sequence[Stored], most: int) -> Iterator[list[Stored]]:
    """The documents in order, so many together that their passages are about `most`."""
    batch: list[Stored] = []
    passages = 0
    for document in documents:
        batch.append(document)
        passages += document.passages
        if passages >= most or len(batch) >= most:
            yield batch
            batch, passages = [], 0
    if batch:
        yield batch


def _copies(store: Store, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        found.update(store.folder.copies(ids[start : start + _AT_ONCE]))
    return found
