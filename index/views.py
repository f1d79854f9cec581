"""Keeping both views level with the truth: for the writer, for readers beside it, and after a crash."""

from __future__ import annotations

import time
from functools import cached_property

from index.dense import publishing
from index.dense.plan import Sizes
from index.dense.stamp import DenseStamp
from index.dense.view import DenseView, discard_strange_stamp
from index.failures import storage_errors
from index.layout import LEXICAL, sweep
from index.lexical import LexicalIndex
from index.lexical_view import Level, LexicalView
from index.segments import segment_files
from index.store import Store
from index.trust import Trust

LEVEL_EVERY = 1.0
"""Seconds within which a build's commits are brought into the lexical view, where readers elsewhere see them."""

LOOKS = 5
"""How often a reader looks again when a writer commits between its two looks."""


class Views:
    """The views of `store`; whoever calls guards against a second thread."""

    def __init__(self, store: Store, *, writes: bool) -> None:
        self._store = store
        self._generation = -1
        self._committed = 0
        self._levelled = time.monotonic()
        if writes:
            with storage_errors(store.directory):
                discard_strange_stamp(store)
        self._lexical = LexicalView(store, writes=writes)

    @cached_property
    def dense(self) -> DenseView:
        """The dense view, as far as it was last followed; a writer that does not search needs none."""
        return DenseView(self._store)

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical view, as far as it was last followed."""
        return self._lexical.index

    def follow(self) -> bool:
        """Bring both views to the truth's generation, and say whether they are; costs one row read if they were."""
        for _ in range(LOOKS):
            if self._store.generation() == self._generation:
                return True
            with self._store.snapshot():
                generation = self._store.generation()
                self.dense.follow()
                level = self._lexical.follow(generation)
            if level is Level.LEVEL:
                self._generation = generation
                self._levelled = time.monotonic()
            elif level is Level.BEHIND:
                return False
        return self._generation == generation

    def committed(self, passages: int, *, soon: bool) -> None:
        """Bring a commit to the readers, or only `soon`, together with those that follow. For a writer only."""
        self._committed += passages
        if self._committed >= publishing.SIZES.fold:  # or readers would have to keep them all in memory
            self._publish_dense(publishing.SIZES.growing)
        if not soon or time.monotonic() - self._levelled >= LEVEL_EVERY:
            self._level_lexical()

    def publish(self) -> None:
        """Write both views to disk at the truth's generation. For a writer only."""
        generation = self._store.generation()
        self._level_lexical()
        self._lexical.rewrite_if_worn()
        stamp = self._publish_dense()
        self._store.forget_removals(generation)
        directory = self._store.directory
        with storage_errors(directory):
            lexical = [f"{LEXICAL}/{path.name}" for path in segment_files(directory / LEXICAL)]
            Trust.read(directory).renew([*(part.file for part in stamp.parts), *lexical])
            sweep(directory)

    def _level_lexical(self) -> None:
        self._lexical.follow(self._store.generation())
        self._levelled = time.monotonic()

    def _publish_dense(self, sizes: Sizes | None = None) -> DenseStamp:
        with storage_errors(self._store.directory):
            stamp = publishing.publish_dense(self._store, sizes)
        self._committed = 0
        return stamp
