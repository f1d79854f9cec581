"""The batch that a build commits at once: documents cut into passages, with vectors old where possible, else new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.chunking import chunk
from corpus.settings import ChunkSettings
from corpus.types import Document, Passage, Span
from index.commits import Change
from index.embedding import AT_ONCE, Embedding
from index.encoder import encoder_input
from index.engines.embedded import EmbeddedEngine
from index.looks import FileRecord
from index.traits import Traits, traits_of
from index.types import EncodedDocument, Encoder, Vectors

PASSAGES_A_BATCH = 256
"""A few seconds of embedding: what a kill may cost."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document that waits to be stored."""

    document: Document
    passages: tuple[Passage, ...]
    traits: Traits
    file: FileRecord | None


class Batch:
    """Collects documents and commits them to `engine`, by itself once there are enough of them."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, settings: ChunkSettings) -> None:
        self._engine = engine
        self._encoder = encoder
        self._settings = settings
        self._embedding = Embedding(engine, encoder, min(AT_ONCE, PASSAGES_A_BATCH))
        self._waiting: list[_Cut] = []
        self._passages = 0
        """Of the documents waiting."""
        self.embedded = 0
        """Passages embedded so far: those whose encoded text was new."""

    def add(self, document: Document, file: FileRecord | None = None, repeated: Sequence[Span] = ()) -> None:
        """Cut `document`, read from `file`, into passages, and commit what waits longest when there is enough.

        `repeated` are lines of it that are furniture because they stand in many articles.
        """
        passages = chunk(document, self._encoder.count_tokens, settings=self._settings, repeated=repeated)
        self._embedding.want([encoder_input(passage) for passage in passages])
        self._waiting.append(_Cut(document, passages, traits_of(document, repeated), file))
        self._passages += len(passages)
        # The encoder has work of the next batch while this one is written.
        if self._passages >= PASSAGES_A_BATCH + PASSAGES_A_BATCH // 4:
            self._commit(self._first())

    def commit(self) -> None:
        """Embed what is new and store the documents waiting, in transactions of a batch each."""
        while self._waiting:
            self._commit(self._first())

    def close(self) -> None:
        """Let the encoder's thread go; what is waiting is not stored."""
        self._embedding.close()

    def _first(self) -> list[_Cut]:
        """The documents that have waited longest, of one batch, taken out."""
        passages = number = 0
        while number < len(self._waiting) and passages < PASSAGES_A_BATCH:
            passages += len(self._waiting[number].passages)
            number += 1
        first, self._waiting = self._waiting[:number], self._waiting[number:]
        self._passages -= passages
        return first

    def _commit(self, cut: Sequence[_Cut]) -> None:
        vectors = self._vectors([encoder_input(passage) for one in cut for passage in one.passages])
        files = tuple(one.file for one in cut if one.file is not None)
        self._engine.change(Change(tuple(_encoded(cut, vectors)), files=files), soon=True)

    def _vectors(self, inputs: list[str]) -> Vectors:
        """A row for each input. A document too long for one batch is embedded by pieces that outlive a kill."""
        rows = np.empty((len(inputs), self._encoder.dimension), dtype=np.float32)
        for start in range(0, len(inputs), PASSAGES_A_BATCH):
            piece = inputs[start : start + PASSAGES_A_BATCH]
            vectors, new = self._embedding.take(piece)
            if len(inputs) >= 2 * PASSAGES_A_BATCH and new:
                self._engine.keep_waiting(new, np.stack([vectors[text] for text in new]))
            self.embedded += len(new)
            for index, text in enumerate(piece, start):
                rows[index] = vectors[text]
        return rows


def _encoded(cut: Sequence[_Cut], vectors: Vectors) -> Iterator[EncodedDocument]:
    start = 0
    for one in cut:
        end = start + len(one.passages)
        yield EncodedDocument(one.document, one.passages, vectors[start:end], one.traits)
        start = end
