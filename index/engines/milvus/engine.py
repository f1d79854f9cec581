"""The engine over Milvus: one index that any number of processes on any number of machines ask.

What makes a document visible is one row, its version in NAME_documents. Passages and texts carry theirs in their
keys, so a new version is written beside the old one, becomes visible when the rows of the batch's documents are
replaced in one call, and only then is the old one deleted. A search drops what is not of the version that counts: a
document that was removed or replaced never shows again, and a killed writer leaves nothing half visible.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Self

from corpus.errors import UsageError
from corpus.types import Document, Passage
from index.engines.milvus.door import AT_ONCE, LONG_AT_ONCE, Door, one_of
from index.engines.milvus.ledger import Ledger, read_generation
from index.engines.milvus.rows import LISTED, DocumentRows, listed_from, passage_from, passage_key, rows_of
from index.engines.milvus.schema import Made, Names
from index.engines.milvus.searches import DEEPEST, Found, Search, Searches, begun
from index.engines.milvus.shelf import DocumentShelf
from index.listing import Listing
from index.ties import SPARE, best
from index.types import EncodedDocument, Filter, SearchHit, Vectors

_SECONDS_TO_FLUSH = 300.0


class MilvusEngine:
    """Implements `index.types.Engine` over Milvus; safe to call from several threads.

    `ledger` belongs to the one writer: with it the engine may change the index, and gives it back on closing.
    """

    def __init__(self, door: Door, made: Made, ledger: Ledger | None = None) -> None:
        self.made = made
        self._door = door
        self._ledger = ledger
        self._names = Names.of(door.place)
        self._shelf = DocumentShelf(door, self._names)
        self._searches = Searches(door, self._names.passages, made.dense)
        if ledger is not None:
            self._settle(ledger.pending())

    @property
    def shelf(self) -> DocumentShelf:
        """The documents, for what looks at all of them."""
        return self._shelf

    def add(self, items: Sequence[EncodedDocument]) -> None:
        """Store or replace these documents, all or none; searchable once this returns."""
        self.put([(item, ()) for item in items])

    def put(self, items: Sequence[tuple[EncodedDocument, Sequence[str]]]) -> None:
        """Store or replace these documents, all or none, each with the ids of its copies (the original first)."""
        ledger = self._may_write()
        made = {item.document.id: rows_of(item, copies) for item, copies in items}  # raises before anything is written
        if not made:
            return
        before = self._shelf.standings(list(made))
        ledger.begin(list(made))
        self._write(list(made.values()))
        ledger.confirm()
        self._door.upsert(self._names.documents, [rows.document for rows in made.values()])
        self._clear({key: made[key].document["version"] for key in before})
        ledger.done()

    def delete(self, document_ids: Sequence[str]) -> None:
        """Remove these documents, all or none; ids that are not there are passed over."""
        ledger = self._may_write()
        there = list(self._shelf.standings(list(dict.fromkeys(document_ids))))
        if not there:
            return
        ledger.begin(there)
        ledger.confirm()
        for start in range(0, len(there), AT_ONCE):
            some = there[start : start + AT_ONCE]
            self._door.call("delete", collection_name=self._names.documents, filter=one_of("id", some))
        self._clear(dict.fromkeys(there, ""))
        ledger.done()

    def search_dense(self, vector: Vectors, limit: int, where: Filter | None = None) -> list[SearchHit]:
        """The nearest passages to `vector` (shape [dimension]) by inner product, best first."""
        return self._best(self._searches.nearest(vector, where), limit, where, {})

    def search_lexical(self, query: str, limit: int, where: Filter | None = None) -> list[SearchHit]:
        """The best passages for the words of `query` by BM25, best first."""
        return self._best(self._searches.by_words(query, where), limit, where, {})

    def search_both(
        self, vector: Vectors, query: str, limit: int, where: Filter | None = None
    ) -> tuple[list[SearchHit], list[SearchHit]]:
        """What `search_dense` and `search_lexical` find, both in one state of the index."""
        if limit <= 0:
            return [], []
        dense, lexical = self._searches.nearest(vector, where), self._searches.by_words(query, where)
        first = min(limit + SPARE, DEEPEST)
        found = dense(first), lexical(first)
        # Asked once, after both searches: what counts is then the same for the two.
        standing = self._versions({one.document for page in found for one in page.rows})
        return (
            self._best(begun(dense, first, found[0]), limit, where, standing),
            self._best(begun(lexical, first, found[1]), limit, where, standing),
        )

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order given; raises KeyError for an unknown one."""
        of = {passage_id: passage_id.rpartition(":")[0] for passage_id in ids}
        standings = self._shelf.standings(list(dict.fromkeys(of.values())))
        documents = self._shelf.documents(standings)
        keys = {
            passage_id: passage_key(passage_id, standings[document].version)  # KeyError: the document is gone
            for passage_id, document in of.items()
        }
        rows = self._door.of_keys(self._names.passages, list(keys.values()), ["passage", "start", "end", "context"])
        return [passage_from(rows[keys[passage_id]], documents[of[passage_id]]) for passage_id in ids]

    def document(self, document_id: str) -> Document:
        """The document with this id, text checked against its hash; raises KeyError for an unknown one."""
        return self.documents_of([document_id])[document_id]

    def documents_of(self, ids: Sequence[str]) -> dict[str, Document]:
        """The documents with these ids, in two calls whatever their number; raises KeyError for an unknown one."""
        standings = self._shelf.standings(ids)
        return self._shelf.documents({key: standings[key] for key in ids})

    def documents(self) -> Iterator[Document]:
        """All documents in order of source."""
        return self._shelf.all()

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""
        found = {key: tuple(json.loads(listed)) for key, listed in self._shelf.copies(ids).items()}
        return {key: others for key, others in found.items() if len(others) > 1}

    def some_documents(self, most: int) -> list[Document]:
        """Some documents, for showing what kind there is."""
        ids = [row["id"] for row in islice(self._shelf.rows(["id"]), most)]
        return list(self._shelf.documents(self._shelf.standings(ids)).values())

    def count(self) -> int:
        """How many passages are stored; while a batch is being replaced, in both versions."""
        return self._door.count(self._names.passages)

    def count_documents(self) -> int:
        """How many documents are stored."""
        return self._door.count(self._names.documents)

    def listing(self) -> Listing:
        """What is stored, document by document, in order of source, without reading a single text."""
        generation = self.generation()
        listed = sorted(map(listed_from, self._shelf.rows(LISTED)), key=lambda one: (one.source, one.id))
        return Listing(tuple(listed), sum(one.passages for one in listed), generation)

    def generation(self) -> int:
        """How many batches were written."""
        return read_generation(self._door, self._names)

    def publish(self) -> None:
        """Have Milvus write what it holds in memory to its storage and begin to index it: for after many batches."""
        self._may_write()
        for name in (self._names.passages, self._names.texts, self._names.documents):
            self._door.call("flush", collection_name=name, seconds=_SECONDS_TO_FLUSH)

    def close(self) -> None:
        """Hang up and, for a writer, let the next one in; a closed engine raises on use."""
        try:
            if self._ledger is not None:
                self._ledger.release()
        finally:
            self._ledger = None
            self._door.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _may_write(self) -> Ledger:
        if self._ledger is None:
            place = self._door.place
            raise UsageError(f"the index {place.name} at {place.shown} is open for reading only")
        return self._ledger

    def _write(self, made: Sequence[DocumentRows]) -> None:
        self._door.upsert(self._names.passages, [row for rows in made for row in rows.passages])
        self._door.upsert(self._names.texts, [row for rows in made for row in rows.texts], LONG_AT_ONCE)

    def _clear(self, versions: Mapping[str, str]) -> None:
        """Delete what there is of these documents in other versions than those given ("" for none that counts)."""
        ids = list(versions)
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            others = [versions[key] for key in some if versions[key]]
            where = one_of("document", some)
            if others:
                where += f" and not ({one_of('version', others)})"
            for name in (self._names.passages, self._names.texts):
                self._door.call("delete", collection_name=name, filter=where)

    def _settle(self, pending: Sequence[str]) -> None:
        """Clear away what a killed writer left of the documents it was changing."""
        if pending and self._ledger is not None:
            standings = self._shelf.standings(pending)
            self._clear({key: standings[key].version if key in standings else "" for key in pending})
            self._ledger.done()

    def _best(self, search: Search, limit: int, where: Filter | None, standing: dict[str, str]) -> list[SearchHit]:
        """The `limit` best of what counts; `standing` are versions by document as far as they were asked for."""

        def fetch(wanted: int) -> tuple[list[SearchHit], float | None]:
            page = search(min(wanted, DEEPEST))
            unseen = {one.document for one in page.rows} - standing.keys()
            if unseen:
                standing.update(self._versions(unseen))
            hits = [SearchHit(one.passage, one.score) for one in page.rows if self._counts(one, where, standing)]
            return hits, page.floor if wanted <= DEEPEST else None

        return best(fetch, limit)

    def _versions(self, documents: set[str]) -> dict[str, str]:
        """The versions that count, "" for a document that is gone."""
        standings = self._shelf.standings(sorted(documents))
        return {key: standings[key].version if key in standings else "" for key in documents}

    def _counts(self, one: Found, where: Filter | None, standing: Mapping[str, str]) -> bool:
        if standing[one.document] != one.version:
            return False
        # The days were applied in full; of the glob, LIKE covers what it can say.
        return where is None or where.source is None or Filter(source=where.source).covers(one.source, None)
