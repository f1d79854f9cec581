"""The batch that a build commits at once: documents cut into passages, with vectors old where possible, else new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from corpus.chunking import chunk
from corpus.settings import ChunkSettings
from corpus.types import Document, Passage, Span
from index.commits import Change
from index.encoder import encoder_input
from index.engines.embedded import EmbeddedEngine
from index.looks import FileRecord
from index.traits import Traits, traits_of
from index.types import EncodedDocument, Encoder, Vectors

PASSAGES_A_BATCH = 256
"""A few seconds of embedding: what a kill may cost."""


class Batch:
    """Collects documents and commits them to `engine`, by itself once there are enough of them."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, settings: ChunkSettings) -> None:
        self._engine = engine
        self._encoder = encoder
        self._settings = settings
        self._waiting: list[tuple[Document, tuple[Passage, ...], Traits]] = []
        self._files: list[FileRecord] = []
        self.embedded = 0
        """Passages embedded so far: those whose encoded text was new."""

    def add(self, document: Document, file: FileRecord | None = None, repeated: Sequence[Span] = ()) -> None:
        """Cut `document`, read from `file`, into passages, and commit when the batch is full.

        `repeated` are lines of it that are furniture because they stand in many articles.
        """
        passages = chunk(document, self._encoder.count_tokens, settings=self._settings, repeated=repeated)
        self._waiting.append((document, passages, traits_of(document, repeated)))
        if file is not None:
            self._files.append(file)
        if sum(len(passages) for _, passages, _ in self._waiting) >= PASSAGES_A_BATCH:
            self.commit()

    def commit(self) -> None:
        """Embed what is new and store the documents waiting, in one transaction."""
        if not self._waiting:
            return
        vectors = self._vectors([encoder_input(passage) for _, passages, _ in self._waiting for passage in passages])
        self._engine.change(Change(tuple(self._encoded(vectors)), files=tuple(self._files)), soon=True)
        self._waiting.clear()
        self._files.clear()

    def _encoded(self, vectors: Vectors) -> Iterator[EncodedDocument]:
        start = 0
        for document, passages, traits in self._waiting:
            end = start + len(passages)
            yield EncodedDocument(document, passages, vectors[start:end], traits)
            start = end

    def _vectors(self, inputs: list[str]) -> Vectors:
        """A row for each input. A document too long for one batch is embedded by pieces that outlive a kill."""
        rows = np.empty((len(inputs), self._encoder.dimension), dtype=np.float32)
        for start in range(0, len(inputs), PASSAGES_A_BATCH):
            piece = inputs[start : start + PASSAGES_A_BATCH]
            vectors = self._engine.known_vectors(piece)
            new = [text for text in dict.fromkeys(piece) if text not in vectors]
            made = self._encoder.encode(new)
            if len(inputs) >= 2 * PASSAGES_A_BATCH:
                self._engine.keep_waiting(new, made)
            vectors.update(zip(new, made, strict=True))
            self.embedded += len(new)
            for index, text in enumerate(piece, start):
                rows[index] = vectors[text]
        return rows
