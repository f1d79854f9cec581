"""The lexical view as an engine holds it: a writer brings it level on disk, a reader follows or keeps its own."""

from __future__ import annotations

import os
import shutil
from enum import Enum, auto
from typing import TypeGuard

from corpus.errors import StorageError
from index.failures import storage_errors
from index.layout import LEXICAL
from index.lexical import LexicalChange, LexicalIndex, LexicalStamp
from index.segments import segments_are_whole
from index.store import Store
from index.trust import Trust

REWRITE_BELOW = 20_000
"""An index of fewer passages has its lexical view written anew by each build that changes it: under a second's work,
and its scores are then those of an index built at once."""

REWRITE_SHARE = 0.05
"""A larger one, once this share of its entries is dead: until then the best BM25 score is off by about 1 %."""


class Level(Enum):
    """Where the view stands, measured by the generation that was asked for."""

    LEVEL = auto()
    BEHIND = auto()
    """A writer is about to bring it level; where there is none, someone has to be one."""
    AHEAD = auto()
    """A writer has moved on since: ask the truth again."""


class LexicalView:
    """The view of `store`; whoever calls guards against a second thread.

    With `writes` (the write lock is held) the folder on disk is mended and brought level. Without, it is only read,
    unless it is unusable and may not be mended: then this process keeps a view of its own in memory.
    """

    def __init__(self, store: Store, *, writes: bool) -> None:
        self._store = store
        self._writes = writes
        on_disk = self._open()
        self._private = on_disk is None
        self.index = LexicalIndex() if on_disk is None else on_disk

    def follow(self, generation: int) -> Level:
        """Bring the view to `generation`, the one that the store's snapshot shows, or say why it is not there."""
        if not self._owned:
            self.index.reload()
        stamp = self.index.stamp()
        if self._is_ours(stamp) and stamp.generation >= generation:
            return Level.LEVEL if stamp.generation == generation else Level.AHEAD
        if not self._owned:
            if os.access(self._store.directory, os.W_OK):
                return Level.BEHIND
            self._private, self.index, stamp = True, LexicalIndex(), None
        self._catch_up(stamp, generation)
        return Level.LEVEL

    def rewrite_if_worn(self) -> None:
        """Write the view whole where what has died in it would be felt in its scores. For a writer only."""
        stamp, passages = self.index.stamp(), len(self.index)
        if stamp and stamp.dead and (passages < REWRITE_BELOW or stamp.dead > REWRITE_SHARE * passages):
            self._write(stamp.generation)

    @property
    def _owned(self) -> bool:
        return self._writes or self._private

    def _open(self) -> LexicalIndex | None:
        """The view on disk, an empty one in its place for a writer; None for a reader who cannot use it."""
        path = self._store.directory / LEXICAL
        if path.is_dir() and segments_are_whole(path, Trust.read(self._store.directory)):
            try:
                lexical = LexicalIndex(path)
                stamp = lexical.stamp()
                # A view from the truth's future was left by what a backup was put over.
                if self._is_ours(stamp) and (not self._writes or stamp.generation <= self._store.generation()):
                    return lexical
            except ValueError:  # tantivy's word for everything that is wrong with its files
                pass
        return self._new() if self._writes else None

    def _new(self) -> LexicalIndex:
        path = self._store.directory / LEXICAL
        with storage_errors(self._store.directory):
            shutil.rmtree(path, ignore_errors=True)
            try:
                return LexicalIndex(path)
            except ValueError as error:
                raise self._unwritable(error) from error

    def _catch_up(self, stamp: LexicalStamp | None, generation: int) -> None:
        if self._is_ours(stamp) and stamp.generation >= self._store.removals_from():
            try:
                self.index.apply(self._since(stamp, generation))
            except ValueError:  # a killed writer left a file in the way, or the disk is full: below it will tell
                self.index = self._new() if self._writes else LexicalIndex()
            else:
                return
        self._write(generation)

    def _since(self, stamp: LexicalStamp, generation: int) -> LexicalChange:
        removed = self._store.removed_since(stamp.generation)
        level = LexicalStamp(stamp.index_id, generation, stamp.dead + len(removed) + 1)
        return LexicalChange(level, removed, self._store.rows_since(stamp.generation))

    def _write(self, generation: int) -> None:
        level = LexicalStamp(self._store.identity.index_id, generation, 0)
        try:
            self.index.apply(LexicalChange(level, (), self._store.rows_since(0), whole=True))
        except ValueError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: ValueError) -> StorageError:
        return StorageError(
            f"the lexical view of the index at {self._store.directory} cannot be written ({error}): what was "
            "committed is safe; make room or give access, then run the same command again"
        )

    def _is_ours(self, stamp: LexicalStamp | None) -> TypeGuard[LexicalStamp]:
        return stamp is not None and stamp.index_id == self._store.identity.index_id
