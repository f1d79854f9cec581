"""Finding passages for a question: hybrid search over an index, one question at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from corpus.types import Document
from index.encoder import encoder_name, open_encoder
from index.opening import open_index, status
from index.search import SearchSettings, hybrid_search
from index.types import Encoder, Engine, ScoredPassage


class Retriever(Protocol):
    """What a pipeline needs in order to find passages and to cite them. Safe to call from several threads."""

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for the question, best first; none from an empty index."""

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError for an unknown one."""

    def count(self) -> int:
        """How many passages there are to search."""

    def close(self) -> None:
        """Release what is held open."""


@runtime_checkable
class TellsCopies(Protocol):
    """An engine that keeps on record which documents are copies; others search without."""

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""


class HybridRetriever:
    """Dense and lexical search over one index, fused; follows an index that grows while it is open."""

    def __init__(self, engine: Engine, encoder: Encoder, settings: SearchSettings | None = None) -> None:
        self._engine = engine
        self._encoder = encoder
        self._settings = settings or SearchSettings()

    @classmethod
    def open(cls, directory: Path, encoder: Encoder | None = None, settings: SearchSettings | None = None) -> Self:
        """Open an index, with the encoder that made it unless one is given.

        Raises IndexUnavailableError where there is no usable index, EncoderMismatchError where another encoder made it
        and ModelError where that encoder cannot be opened.
        """
        encoder = encoder or open_encoder(encoder_name(status(directory).encoder))
        return cls(open_index(directory, encoder), encoder, settings)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for the question by fused score, best first."""
        return hybrid_search(self._engine, self._encoder, question, limit, settings=self._settings)

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError for an unknown one."""
        return self._engine.document(document_id)

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""
        return self._engine.copies(ids) if isinstance(self._engine, TellsCopies) else {}

    def count(self) -> int:
        """How many passages are indexed."""
        return self._engine.count()

    def close(self) -> None:
        """Close the index."""
        self._engine.close()
