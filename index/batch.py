"""The batch that a build commits at once: documents cut into passages, with vectors old where possible, else new."""

from __future__ import annotations

import numpy as np

from corpus.chunking import chunk
from corpus.settings import ChunkSettings
from corpus.types import Document, Passage
from index.encoder import encoder_input
from index.engines.embedded import EmbeddedEngine
from index.types import EncodedDocument, Encoder, Vectors

PASSAGES_A_BATCH = 256
"""A few seconds of embedding: what a kill may cost."""


class Batch:
    """Collects documents and commits them to `engine`, by itself once there are enough of them."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, settings: ChunkSettings) -> None:
        self._engine = engine
        self._encoder = encoder
        self._settings = settings
        self._waiting: list[tuple[Document, tuple[Passage, ...]]] = []
        self.embedded = 0
        """Passages embedded so far: those whose encoded text was new."""

    def add(self, document: Document) -> None:
        """Cut `document` into passages, and commit when the batch is full."""
        passages = chunk(document, self._encoder.count_tokens, settings=self._settings)
        self._waiting.append((document, passages))
        if sum(len(passages) for _, passages in self._waiting) >= PASSAGES_A_BATCH:
            self.commit()

    def commit(self) -> None:
        """Embed what is new and store the documents waiting, in one transaction."""
        if not self._waiting:
            return
        inputs = dict.fromkeys(encoder_input(passage) for _, passages in self._waiting for passage in passages)
        vectors = self._engine.known_vectors(list(inputs))
        new = [text for text in inputs if text not in vectors]
        vectors.update(zip(new, self._encoder.encode(new), strict=True))
        self.embedded += len(new)
        self._engine.add(
            [EncodedDocument(document, passages, self._rows(passages, vectors)) for document, passages in self._waiting]
        )
        self._waiting.clear()

    def _rows(self, passages: tuple[Passage, ...], vectors: dict[str, Vectors]) -> Vectors:
        rows = np.empty((len(passages), self._encoder.dimension), dtype=np.float32)
        for index, passage in enumerate(passages):
            rows[index] = vectors[encoder_input(passage)]
        return rows
