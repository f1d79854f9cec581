"""The truth of an index: documents, passages and vectors in one SQLite file, changed one transaction a batch.

The words of a passage are not stored again: they are cut from the document. A text is checked against its hash and a
row against its seal each time it is read, so what the disk has damaged is refused by name and never answered from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.types import Document, Passage, Span
from index import commits
from index.commits import Change
from index.details import details_from_json
from index.failures import storage_errors
from index.folder import Folder
from index.folder_tables import (
    Findings,
    forget_furniture,
    forget_settled,
    insert_traits_of,
    keep_findings,
    mark_settled,
)
from index.looks import FileRecord, Look
from index.rows import Row, Rows
from index.schema import Identity, read_identity
from index.seals import facts_seal, row_seal
from index.tallies import recount
from index.traits import Traits
from index.types import EncodedDocument, Vectors
from index.vectors import VectorTable

DOCUMENT = """SELECT id, title, CAST(text AS BLOB), source, published, sha256, publisher, url, passages, seal, details
              FROM documents WHERE id = ?"""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What the lexical view holds of a passage."""

    key: int
    context: str
    text: str
    document: int = 0
    """The key of its document."""


class Store:
    """An open truth. Not safe for two threads at once: the engine that owns it guards it."""

    def __init__(self, directory: Path, *, writable: bool = False) -> None:
        self.directory = directory
        self.rows = Rows(directory, writable=writable)
        with storage_errors(directory):
            self.identity: Identity = read_identity(self.rows.connection)
        self.vectors = VectorTable(self.rows, self.identity.dimension)
        self.folder = Folder(self.rows, counts=writable)

    def close(self) -> None:
        """Close the file; a closed store raises sqlite3.ProgrammingError on use."""
        self.rows.close()

    def replaced(self) -> bool:
        """Whether another file stands in the place of the one that was opened, or none."""
        return self.rows.replaced()

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all reads inside the block see one state of the truth, whatever a writer commits meanwhile."""
        return self.rows.snapshot()

    def generation(self) -> int:
        """How many batches were committed since the index was made."""
        return int(self.rows.one("SELECT value FROM meta WHERE name = 'generation'"))

    def count(self) -> int:
        """How many passages are stored."""
        return int(self.rows.one("SELECT count(*) FROM passages"))

    def count_documents(self) -> int:
        """How many documents are stored."""
        return int(self.rows.one("SELECT count(*) FROM documents"))

    def sources(self) -> dict[str, str]:
        """Document ids by source."""
        return dict(self.rows.very_many("SELECT source, id FROM documents ORDER BY source"))

    def looks(self, loaders: str) -> dict[str, tuple[int, int, int, int] | None]:
        """The values of the look of each file read, by source; None for one that these `loaders` must read again."""
        sql = "SELECT source, size, modified, changed, inode, loaders = ? AND size IS NOT NULL FROM files"
        return {row[0]: row[1:5] if row[5] else None for row in self.rows.very_many(sql, loaders)}

    def files(self, sources: Sequence[str] | None = None) -> dict[str, FileRecord]:
        """What is remembered of the files read, or of `sources` among them, by source."""
        sql = "SELECT source, sha256, loaders, size, modified, changed, inode FROM files"
        wanted = "SELECT value FROM json_each(?)"
        if sources is None:
            found = self.rows.each(sql)
        else:
            found = self.rows.each(f"{sql} WHERE source IN ({wanted})", json.dumps(list(sources)))
        return {
            source: FileRecord(source, None if numbers[0] is None else Look._make(numbers), sha256, loaders)
            for source, sha256, loaders, *numbers in found
        }

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError, or IndexDamagedError when it is not what was stored."""
        rows = self.rows.all(DOCUMENT, document_id)
        if not rows:
            raise KeyError(document_id)
        return self._checked(rows[0])

    def document_ids(self) -> list[str]:
        """All documents' ids in order of source."""
        return [row[0] for row in self.rows.all("SELECT id FROM documents ORDER BY source, id")]

    def known(self, ids: Sequence[str]) -> list[str]:
        """Those of `ids` that there are documents with, in the order given."""
        sql = "SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?))"
        there = {row[0] for row in self.rows.all(sql, json.dumps(list(ids)))}
        return [document_id for document_id in ids if document_id in there]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order given; raises KeyError, or IndexDamagedError as `document` does."""
        sql = """SELECT p.id, d.id, p."start", p."end", p.context, p.seal FROM passages p
                 JOIN documents d ON d.key = p.document WHERE p.id IN (SELECT value FROM json_each(?))"""
        with self.snapshot():  # or a writer could put another text under the spans just read
            rows = {row[0]: row for row in self.rows.all(sql, json.dumps(list(ids)))}
            documents = {document_id: self.document(document_id) for document_id in {row[1] for row in rows.values()}}
        found = []
        for passage_id in ids:
            *facts, seal = rows[passage_id]
            _, document_id, start, end, context = facts
            document = documents[document_id]
            if facts_seal(*facts) != seal:
                raise self.rows.damaged_document(f"passage {passage_id}", document_id, document.source)
            span = Span(start, end)
            found.append(Passage(passage_id, document_id, span, span.of(document.text), context))
        return found

    def ids_of(self, keys: Sequence[int]) -> dict[int, str]:
        """Passage ids by key; keys that were removed are missing."""
        sql = "SELECT key, id FROM passages WHERE key IN (SELECT value FROM json_each(?))"
        return dict(self.rows.all(sql, json.dumps(list(keys))))

    def removals_from(self) -> int:
        """The generation after which every removal is on record; those before it were forgotten."""
        return int(self.rows.one("SELECT value FROM meta WHERE name = 'removals_from'"))

    def removed_since(self, generation: int) -> list[int]:
        """Keys of the passages removed after `generation`, complete where that is not before `removals_from`."""
        return [row[0] for row in self.rows.all("SELECT key FROM removals WHERE generation > ?", generation)]

    def rows_since(self, generation: int) -> Iterator[PassageRow]:
        """The passages added after `generation`, in order of source and place: the same in every build of a folder."""
        # By way of the new passages: asking each document whether it has any made every catching up a walk over all.
        sql = """SELECT id, key FROM documents WHERE key IN (SELECT document FROM passages WHERE generation > ?)
                 ORDER BY source, id"""
        places = """SELECT key, context, "start", "end" FROM passages
                    WHERE document = ? AND generation > ? ORDER BY "start", "end" """
        for document_id, document in self.rows.all(sql, generation):
            text = self.document(document_id).text
            for key, context, start, end in self.rows.all(places, document, generation):
                yield PassageRow(key, context, text[start:end], document)

    def commit(self, items: Sequence[EncodedDocument], removed: Sequence[str], *, chunker: str | None = None) -> int:
        """Store or replace `items` and remove the documents `removed`, all or nothing; returns the new generation."""
        return self.apply(Change(items, removed, chunker=chunker))

    def apply(self, change: Change) -> int:
        """Make `change`, all or nothing; returns the new generation."""
        with storage_errors(self.directory):
            return commits.commit(self.rows.connection, change, self.folder.tally)

    def remember(self, files: Sequence[FileRecord]) -> None:
        """Store what was seen of files whose documents are as they were; no new generation."""
        with storage_errors(self.directory), commits.transaction(self.rows.connection):
            commits.remember(self.rows.connection, files)

    def keep_waiting(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (shape [len(texts), dimension]) of a document that is not complete yet; no new generation."""
        with storage_errors(self.directory):
            commits.keep_waiting(self.rows.connection, texts, vectors)

    def keep_traits(self, found: Sequence[tuple[str, Traits]]) -> None:
        """Store traits of documents, by id, as they are now; no new generation."""
        with storage_errors(self.directory), commits.transaction(self.rows.connection):
            insert_traits_of(self.rows.connection, found)

    def recount(self) -> None:
        """Make the counts of the folder's lines anew from all traits, without any furniture. No new generation."""
        with storage_errors(self.directory), commits.transaction(self.rows.connection):
            forget_furniture(self.rows.connection)
            recount(self.rows.connection)
        self.folder.tally.restart(known=True)

    def settle(self, found: Findings) -> None:
        """Put what was found on record, and that the folder's tables are level. No new generation."""
        with storage_errors(self.directory), commits.transaction(self.rows.connection):
            keep_findings(self.rows.connection, found)
            if not self.folder.tally.known:  # so many were cut anew that they were not counted one by one
                recount(self.rows.connection)
            mark_settled(self.rows.connection)
        self.folder.tally.restart(known=True)

    def unsettle(self) -> None:
        """Note that the folder's tables are not to be believed."""
        with storage_errors(self.directory), commits.transaction(self.rows.connection):
            forget_settled(self.rows.connection)
        self.folder.tally.restart(known=False)

    def drop_waiting(self) -> None:
        """Forget the vectors that were kept waiting."""
        if self.rows.one("SELECT EXISTS (SELECT 1 FROM waiting)"):
            with storage_errors(self.directory), commits.transaction(self.rows.connection):
                self.rows.connection.execute("DELETE FROM waiting")

    def forget_removals(self, generation: int) -> None:
        """Cut the log of removals, all of which up to `generation` every view on disk has seen."""
        if self.rows.one("SELECT EXISTS (SELECT 1 FROM removals WHERE generation <= ?)", generation):
            with storage_errors(self.directory), commits.transaction(self.rows.connection):
                commits.forget_removals(self.rows.connection, generation)

    def _checked(self, row: Row) -> Document:
        document_id, title, words, source, published, sha256, publisher, url, *_, details = row
        flaw = document_flaw(row)
        if flaw is not None:
            raise self.rows.damaged_document(flaw, document_id, source)
        day = date.fromisoformat(published) if published else None
        text = words.decode("utf-8")
        return Document(document_id, title, text, source, day, sha256, publisher, url, details_from_json(details))


def document_flaw(row: Row) -> str | None:
    """What of a document's row (the columns of `DOCUMENT`) is not as it was stored, None where all is."""
    document_id, title, words, source, published, sha256, publisher, url, passages, seal, details = row
    if hashlib.sha256(words).hexdigest() != sha256:
        return "the text"
    facts = (document_id, source, title, published, publisher, url, sha256, passages)
    if row_seal(*facts, details=details) != seal:
        return "the row"
    return None
