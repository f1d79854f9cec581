"""The truth of an index: documents, passages and vectors in one SQLite file, changed one transaction a batch.

Vectors are float16, which is enough for cosine (the error is below 0.001) at half the size. The words of a passage are
not stored again: they are cut from the document, whose text is checked against its hash each time it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamagedError
from corpus.types import Document, Passage, Span
from index import commits
from index.failures import storage_errors
from index.schema import Identity, open_truth, read_identity
from index.types import EncodedDocument, Vectors

Keys = NDArray[np.int64]

DOCUMENT = """SELECT id, title, CAST(text AS BLOB), source, published, sha256, publisher, url
              FROM documents WHERE id = ?"""
CHUNK = 4096
"""Rows fetched at a time when a view is fed from the truth: memory stays bounded at any size."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What the lexical view holds of a passage."""

    key: int
    context: str
    text: str


class Store:
    """An open truth. Not safe for two threads at once: the engine that owns it guards it."""

    def __init__(self, directory: Path, *, writable: bool = False) -> None:
        self.directory = directory
        self._connection = open_truth(directory, writable=writable)
        with storage_errors(directory):
            self.identity: Identity = read_identity(self._connection)

    def close(self) -> None:
        """Close the file; a closed store raises sqlite3.ProgrammingError on use."""
        self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads inside the block see one state of the truth, whatever a writer commits meanwhile."""
        with storage_errors(self.directory):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def generation(self) -> int:
        """How many batches were committed since the index was made."""
        return int(self._one("SELECT value FROM meta WHERE name = 'generation'"))

    def count(self) -> int:
        """How many passages are stored."""
        return int(self._one("SELECT count(*) FROM passages"))

    def count_documents(self) -> int:
        """How many documents are stored."""
        return int(self._one("SELECT count(*) FROM documents"))

    def sources(self) -> dict[str, str]:
        """Document ids by source."""
        return dict(self._all("SELECT source, id FROM documents ORDER BY source"))

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError, or IndexDamagedError when its text is not what its hash says."""
        rows = self._all(DOCUMENT, document_id)
        if not rows:
            raise KeyError(document_id)
        return self._checked(rows[0])

    def document_ids(self) -> list[str]:
        """All documents' ids in order of source."""
        return [row[0] for row in self._all("SELECT id FROM documents ORDER BY source, id")]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order given; raises KeyError for an unknown one."""
        sql = """SELECT p.id, d.id, p."start", p."end", p.context FROM passages p
                 JOIN documents d ON d.key = p.document WHERE p.id IN (SELECT value FROM json_each(?))"""
        rows = {row[0]: row for row in self._all(sql, json.dumps(list(ids)))}
        documents = {document_id: self.document(document_id) for document_id in {row[1] for row in rows.values()}}
        found = []
        for passage_id in ids:
            _, document_id, start, end, context = rows[passage_id]
            span = Span(start, end)
            found.append(Passage(passage_id, document_id, span, span.of(documents[document_id].text), context))
        return found

    def ids_of(self, keys: Sequence[int]) -> dict[int, str]:
        """Passage ids by key; keys that were removed are missing."""
        sql = "SELECT key, id FROM passages WHERE key IN (SELECT value FROM json_each(?))"
        return dict(self._all(sql, json.dumps(list(keys))))

    def vectors_of_inputs(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Stored vectors (shape [dimension]) by the text that was encoded, for those texts that ever were."""
        found = {}
        for text in texts:
            rows = self._all("SELECT vector FROM vectors WHERE input = ? LIMIT 1", commits.input_digest(text))
            if rows:
                found[text] = self._vectors(rows)[0]
        return found

    def vectors_since(self, generation: int) -> Iterator[tuple[Keys, Vectors]]:
        """Keys and vectors of the passages added after `generation`, in order of key, in chunks."""
        sql = """SELECT p.key, v.vector FROM passages p JOIN vectors v ON v.key = p.key
                 WHERE p.generation > ? AND p.key > ? ORDER BY p.key LIMIT ?"""
        last = 0
        while rows := self._all(sql, generation, last, CHUNK):
            last = rows[-1][0]
            yield np.array([row[0] for row in rows], dtype=np.int64), self._vectors([row[1:] for row in rows])

    def removed_since(self, generation: int) -> list[int]:
        """Keys of the passages removed after `generation`."""
        return [row[0] for row in self._all("SELECT key FROM removals WHERE generation > ?", generation)]

    def rows_since(self, generation: int) -> Iterator[PassageRow]:
        """The passages added after `generation`, in order of source and place: the same in every build of a folder."""
        sql = """SELECT DISTINCT d.id FROM documents d JOIN passages p ON p.document = d.key
                 WHERE p.generation > ? ORDER BY d.source, d.id"""
        places = """SELECT p.key, p.context, p."start", p."end" FROM passages p JOIN documents d ON d.key = p.document
                    WHERE d.id = ? AND p.generation > ? ORDER BY p."start", p."end" """
        for (document_id,) in self._all(sql, generation):
            text = self.document(document_id).text
            for key, context, start, end in self._all(places, document_id, generation):
                yield PassageRow(key, context, text[start:end])

    def commit(self, items: Sequence[EncodedDocument], removed: Sequence[str], *, chunker: str | None = None) -> int:
        """Store or replace `items` and remove the documents `removed`, all or nothing; returns the new generation."""
        with storage_errors(self.directory):
            return commits.commit(self._connection, items, removed, chunker)

    def _checked(self, row: tuple[Any, ...]) -> Document:
        document_id, title, words, source, published, sha256, publisher, url = row
        if hashlib.sha256(words).hexdigest() != sha256:
            raise IndexDamagedError(
                f"the index at {self.directory} is damaged: the text of document {document_id} ({source}) does not "
                "have the hash it was stored with; build it anew from the articles"
            )
        day = date.fromisoformat(published) if published else None
        return Document(document_id, title, words.decode("utf-8"), source, day, sha256, publisher, url)

    def _vectors(self, rows: Sequence[tuple[bytes]]) -> Vectors:
        size = self.identity.dimension * 2
        if any(len(blob) != size for (blob,) in rows):
            raise IndexDamagedError(
                f"the index at {self.directory} is damaged: a vector is not {size} bytes; build anew"
            )
        halves = np.frombuffer(b"".join(blob for (blob,) in rows), dtype="<f2")
        return halves.reshape(len(rows), self.identity.dimension).astype(np.float32)

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with storage_errors(self.directory):
            return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str) -> Any:  # noqa: ANN401  a column of SQLite has no static type
        rows = self._all(sql)
        if not rows:
            raise IndexDamagedError(f"the index at {self.directory} is damaged: a row of its table meta is missing")
        return rows[0][0]
