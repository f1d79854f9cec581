"""Keeping the two views level with the truth: for the writer, for readers beside it, and after a crash."""

from __future__ import annotations

import os
import shutil
from typing import TypeGuard

from corpus.errors import StorageError
from index.dense import DenseIndex, load_dense, read_dense_stamp
from index.failures import storage_errors
from index.layout import LEXICAL
from index.lexical import LexicalChange, LexicalIndex, LexicalStamp
from index.segments import segments_are_whole
from index.store import Store

REWRITE_BELOW = 20_000
"""An index of fewer passages has its lexical view written anew by each build that changes it: under a second's work,
and its scores are then those of an index built at once."""

REWRITE_SHARE = 0.05
"""A larger one, once this share of its entries is dead: until then the best BM25 score is off by about 1 %."""


class Views:
    """The dense and the lexical view of `store`; whoever calls guards against a second thread.

    With `writes` (the write lock is held) the lexical view on disk is mended and brought level here. Without, it is
    only read, unless it is unusable and not to be mended: then this process keeps one of its own in memory. The dense
    view lives in memory and follows the truth by itself; its file saves the next opening the work.
    """

    def __init__(self, store: Store, *, writes: bool) -> None:
        self._store = store
        self._writes = writes
        self._generation = -1
        self._dense_generation = 0
        self._dense_on_disk = -1
        self.dense = self._open_dense()
        on_disk = self._open_lexical()
        self._private = on_disk is None
        self.lexical = LexicalIndex() if on_disk is None else on_disk
        self.follow()

    def follow(self) -> bool:
        """Bring both views to the truth's generation, and say whether they are; costs one row read if they were."""
        if self._store.generation() == self._generation:
            return True
        with self._store.snapshot():
            generation = self._store.generation()
            self._follow_dense(generation)
            if self._follow_lexical(generation):
                self._generation = generation
        return self._generation == generation

    def publish(self) -> None:
        """Write both views to disk at the truth's generation. For the holder of the write lock only."""
        generation, passages = self._store.generation(), self._store.count()
        if self._dense_on_disk != generation:
            with storage_errors(self._store.directory):
                self.dense.save(self._store.directory, self._store.identity.index_id, generation)
            self._dense_on_disk = generation
        lexical = self.lexical.stamp()
        if lexical and lexical.dead and (passages < REWRITE_BELOW or lexical.dead > REWRITE_SHARE * passages):
            self._write_lexical(generation)

    def _open_dense(self) -> DenseIndex:
        identity = self._store.identity
        stamp = read_dense_stamp(self._store.directory)
        if stamp and stamp.index_id == identity.index_id and stamp.generation <= self._store.generation():
            loaded = load_dense(self._store.directory, stamp, identity.dimension)
            if loaded is not None:
                self._dense_generation = self._dense_on_disk = stamp.generation
                return loaded
        return DenseIndex(identity.dimension)

    def _follow_dense(self, generation: int) -> None:
        since = self._dense_generation
        if since < generation:
            self.dense.remove(self._store.removed_since(since) if since else [])
            for keys, vectors in self._store.vectors_since(since):
                self.dense.add(keys, vectors)
            self._dense_generation = generation

    def _open_lexical(self) -> LexicalIndex | None:
        """The view on disk, an empty one in its place for a writer; None for a reader who cannot use it."""
        path = self._store.directory / LEXICAL
        if path.is_dir() and segments_are_whole(path):
            try:
                lexical = LexicalIndex(path)
                if self._writes or self._is_ours(lexical.stamp()):
                    return lexical
            except ValueError:  # tantivy's word for everything that is wrong with its files
                pass
        return self._new_lexical() if self._writes else None

    def _new_lexical(self) -> LexicalIndex:
        path = self._store.directory / LEXICAL
        with storage_errors(self._store.directory):
            shutil.rmtree(path, ignore_errors=True)
            return LexicalIndex(path)

    def _follow_lexical(self, generation: int) -> bool:
        if not (self._writes or self._private):
            self.lexical.reload()
        stamp = self.lexical.stamp()
        if self._is_ours(stamp) and stamp.generation == generation:
            return True
        if not (self._writes or self._private):
            if os.access(self._store.directory, os.W_OK):
                return False  # a writer is about to bring it level, or the engine will where there is none
            self._private, self.lexical, stamp = True, LexicalIndex(), None
        if self._is_ours(stamp):
            try:
                self.lexical.apply(self._since(stamp, generation))
            except ValueError:  # a killed writer left a file in the way, or the disk is full: below it will tell
                self.lexical = self._new_lexical() if self._writes else LexicalIndex()
            else:
                return True
        self._write_lexical(generation)
        return True

    def _since(self, stamp: LexicalStamp, generation: int) -> LexicalChange:
        removed = self._store.removed_since(stamp.generation)
        level = LexicalStamp(stamp.index_id, generation, stamp.dead + len(removed) + 1)
        return LexicalChange(level, removed, self._store.rows_since(stamp.generation))

    def _write_lexical(self, generation: int) -> None:
        level = LexicalStamp(self._store.identity.index_id, generation, 0)
        try:
            self.lexical.apply(LexicalChange(level, (), self._store.rows_since(0), whole=True))
        except ValueError as error:
            raise StorageError(
                f"the lexical view of the index at {self._store.directory} cannot be written ({error}): what was "
                "committed is safe; make room or give access, then run the same command again"
            ) from error

    def _is_ours(self, stamp: LexicalStamp | None) -> TypeGuard[LexicalStamp]:
        return (
            stamp is not None
            and stamp.index_id == self._store.identity.index_id
            and (stamp.generation <= self._store.generation())
        )
