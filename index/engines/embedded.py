"""The default engine: one directory, SQLite as the truth, FAISS and tantivy as views of it.

A question sees one state: before each one the engine compares the truth's generation with its own, a single row read,
and where a writer has committed it catches the dense view up from the truth and reloads the lexical one. A hit whose
passage is gone from the truth is dropped, so a removed document never shows again, whatever a view still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Self

from corpus.errors import EncoderMismatchError, UsageError
from corpus.types import Document, Passage, Span
from index import truth_check
from index.ahead import Ahead
from index.commits import Change
from index.folder import Folder
from index.folder_tables import Findings
from index.lock import WriterLock
from index.looks import FileRecord
from index.schema import Identity
from index.selection import Selections
from index.store import Store
from index.ties import best, bounded
from index.traits import Traits
from index.types import EncodedDocument, Filter, SearchHit, Vectors
from index.views import Views

BESIDE = 20_000
"""Passages from which on both searches of a question run side by side: below, handing one over costs what it saves."""


class EmbeddedEngine:
    """Implements `index.types.Engine` on one machine; safe to call from several threads.

    `writer` is the lock of the directory, already taken: with it the engine may change the index, and gives it back
    on closing. Without it any number of engines read beside one writer, and follow an index that is made anew.
    """

    def __init__(self, directory: Path, writer: WriterLock | None = None) -> None:
        self._guard = RLock()
        self._writer = writer
        self._closed = False
        self._store = Store(directory, writable=writer is not None)
        self._views = Views(self._store, writes=writer is not None)
        self._selections = Selections(self._store)
        if writer is None:
            self._views.follow()

    @property
    def identity(self) -> Identity:
        """Which encoder and chunker made the index."""
        return self._store.identity

    def sources(self) -> dict[str, str]:
        """Document ids by source."""
        with self._guard:
            return self._store.sources()

    def looks(self, loaders: str) -> dict[str, tuple[int, int, int, int] | None]:
        """The values of the look of each file read, by source; None for one that these `loaders` must read again."""
        with self._guard:
            return self._store.looks(loaders)

    def files(self, sources: Sequence[str] | None = None) -> dict[str, FileRecord]:
        """What is remembered of the files that were read, or of `sources` among them, by source."""
        with self._guard:
            return self._store.files(sources)

    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Stored vectors (shape [dimension]) by the text that was encoded, for those texts that ever were."""
        with self._guard:
            return self._store.vectors.of_inputs(texts)

    def generation(self) -> int:
        """How many batches were committed."""
        with self._guard:
            return self._store.generation()

    def add(self, items: Sequence[EncodedDocument]) -> None:
        """Store or replace these documents, all or none; searchable once this returns."""
        self.change(Change(items))

    def delete(self, document_ids: Sequence[str]) -> None:
        """Remove these documents, all or none; ids that are not there are passed over."""
        self.change(Change(removed=document_ids))

    def change(self, change: Change, *, soon: bool = False) -> None:
        """One batch, all or nothing; where nothing changes there is no new generation.

        Searchable once this returns; with `soon`, for the words of passages and other processes, within a second (or
        ten times what that takes) or with the next call: what a build uses, which comes with batch after batch.
        """
        with self._guard:
            self._may_write()
            if change.items or change.chunker is not None or self._store.known(change.removed):
                self._store.apply(change)
                self._views.committed(sum(len(item.passages) for item in change.items), soon=soon)

    def remember(self, files: Sequence[FileRecord]) -> None:
        """Note how files look now whose documents are as they were."""
        with self._guard:
            self._may_write()
            self._store.remember(files)

    @property
    def folder(self) -> Folder:
        """What is kept of the folder as a whole: for the thread that writes."""
        return self._store.folder

    def keep_traits(self, found: Sequence[tuple[str, Traits]]) -> None:
        """Keep the traits of these documents, by id."""
        with self._guard:
            self._may_write()
            self._store.keep_traits(found)

    def recount(self) -> None:
        """Make the counts of the folder's lines anew from all traits."""
        with self._guard:
            self._may_write()
            self._store.recount()

    def settle(self, found: Findings) -> None:
        """Put what was found on record, and that what is kept of the folder is level with it."""
        with self._guard:
            self._may_write()
            self._store.settle(found)

    def repeated(self, document_id: str) -> tuple[Span, ...]:
        """The lines that the document was cut without, because they stand in many."""
        with self._guard:
            self._renew()
            return self._store.folder.repeated(document_id)

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""
        with self._guard:
            self._renew()
            return self._store.folder.copies(ids)

    def keep_waiting(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors (shape [len(texts), dimension]) for `known_vectors` until their document is complete."""
        with self._guard:
            self._may_write()
            self._store.keep_waiting(texts, vectors)

    def drop_waiting(self) -> None:
        """Forget the vectors that were kept waiting: their documents are stored, or will never be."""
        with self._guard:
            self._may_write()
            self._store.drop_waiting()

    def search_dense(self, vector: Vectors, limit: int, where: Filter | None = None) -> list[SearchHit]:
        """The nearest passages to `vector` (shape [dimension]) by inner product, best first."""
        with self._guard:
            self._follow()
            return self._nearest(vector, limit, where)

    def search_lexical(self, query: str, limit: int, where: Filter | None = None) -> list[SearchHit]:
        """The best passages for the words of `query` by BM25, best first."""
        with self._guard:
            self._follow()
            with self._by_words(query, limit, where, None) as words:
                return self._best_by_words(words, limit)

    def search_both(
        self, vector: Vectors, query: str, limit: int, where: Filter | None = None
    ) -> tuple[list[SearchHit], list[SearchHit]]:
        """What `search_dense` and `search_lexical` find, both in one state of the index."""
        with self._guard:
            self._follow()
            beside = self._pool if self._views.dense.rows >= BESIDE else None
            with self._by_words(query, limit, where, beside) as words:
                return self._nearest(vector, limit, where), self._best_by_words(words, limit)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order given; raises KeyError for an unknown one."""
        with self._guard:
            self._renew()
            return self._store.passages(ids)

    def document(self, document_id: str) -> Document:
        """The document with this id, text checked against its hash; raises KeyError for an unknown one."""
        with self._guard:
            self._renew()
            return self._store.document(document_id)

    def is_whole(self, document_id: str) -> bool:
        """Whether everything that is stored of the document (its passages and vectors too) is what was stored."""
        with self._guard:
            return truth_check.is_whole(self._store, document_id)

    def documents(self) -> Iterator[Document]:
        """All documents in order of source."""
        with self._guard:
            self._renew()
            ids = self._store.document_ids()
        for document_id in ids:
            yield self.document(document_id)

    def count(self) -> int:
        """How many passages are stored."""
        with self._guard:
            self._renew()
            return self._store.count()

    def publish(self) -> None:
        """Write the views to disk at the truth's generation, so that the next opening starts from them."""
        with self._guard:
            self._may_write()
            self._views.publish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release files and, for a writer, the lock; a closed engine raises on use."""
        with self._guard:
            self._closed = True
            self._store.close()
            if self._writer is not None:
                self._writer.release()

    @cached_property
    def _pool(self) -> Executor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="lexical")

    def _nearest(self, vector: Vectors, limit: int, where: Filter | None) -> list[SearchHit]:
        only = None if where is None else self._selections.of(where).passages
        return best(lambda wanted: self._resolve(*self._views.dense.search(vector, wanted, only)), limit)

    def _by_words(self, query: str, limit: int, where: Filter | None, beside: Executor | None) -> Ahead:
        only = None if where is None else self._selections.of(where).documents
        search = self._views.lexical.search
        return Ahead(beside, lambda wanted: search(query, wanted, only), limit)

    def _best_by_words(self, words: Ahead, limit: int) -> list[SearchHit]:
        return best(lambda wanted: self._resolve(*bounded(words(wanted), wanted)), limit)

    def _may_write(self) -> None:
        if self._writer is None:
            raise UsageError(f"the index at {self._store.directory} is open for reading only")

    def _follow(self) -> None:
        """Bring the views level; where a killed writer left the lexical one behind, do its work for it."""
        self._renew()
        if not self._views.follow() and mend(self._store.directory):
            self._views.follow()

    def _renew(self) -> None:
        """Open the index again where it was deleted and made anew since; raises IndexUnavailableError if it is gone."""
        if self._writer is not None or self._closed or not self._store.replaced():
            return
        store = Store(self._store.directory)
        if store.identity.encoder != self._store.identity.encoder:
            store.close()
            raise EncoderMismatchError(
                f"the index at {store.directory} was made anew by encoder {store.identity.encoder}, it was "
                f"{self._store.identity.encoder}: open it again"
            )
        self._store.close()
        self._store, self._views, self._selections = store, Views(store, writes=False), Selections(store)

    def _resolve(self, found: Sequence[tuple[int, float]], bound: float | None) -> tuple[list[SearchHit], float | None]:
        ids = self._store.ids_of([key for key, _ in found])
        return [SearchHit(ids[key], score) for key, score in found if key in ids], bound


def mend(directory: Path) -> bool:
    """Bring the views on disk level with the truth, unless another process writes or the directory is read-only."""
    lock = WriterLock(directory)
    if not lock.try_acquire():
        return False
    engine = open_for_writing(directory, lock)
    try:
        engine.publish()
    finally:
        engine.close()
    return True


def open_for_writing(directory: Path, lock: WriterLock) -> EmbeddedEngine:
    """The engine that owns `lock`, which was taken before; it is given back when this fails."""
    try:
        return EmbeddedEngine(directory, lock)
    except BaseException:
        lock.release()
        raise
