"""Finding passages for a question: hybrid search over an index, one question at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from corpus.types import Document
from index.encoder import encoder_name, open_encoder
from index.opening import open_index, status
from index.schema import check_made
from index.search import SearchSettings, hybrid_search
from index.types import Encoder, Engine, ScoredPassage

if TYPE_CHECKING:
    from index.engines.milvus.place import MilvusPlace


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


@runtime_checkable
class ReadsTogether(Protocol):
    """What reads many documents at once: over a network a call each would be most of the time of an answer."""

    def documents_of(self, ids: Sequence[str]) -> dict[str, Document]:
        """The documents with these ids; raises KeyError for an unknown one."""


def read_documents(source: Retriever | Engine, ids: Iterable[str]) -> dict[str, Document]:
    """The documents with these ids, each once, together where that can be; raises KeyError for an unknown one."""
    wanted = list(dict.fromkeys(ids))
    if isinstance(source, ReadsTogether):
        return source.documents_of(wanted)
    return {key: source.document(key) for key in wanted}


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

    @classmethod
    def open_place(cls, place: MilvusPlace, encoder: Encoder | None = None) -> Self:
        """Open an index in Milvus; raises as `open` does."""
        from index.engines.milvus.opening import open_milvus  # its client is of no use to an index in a folder

        engine = open_milvus(place)
        try:
            encoder = encoder or open_encoder(encoder_name(engine.made.encoder))
            check_made(engine.made.encoder, encoder, f"{place.name} at {place.shown}")
        except BaseException:
            engine.close()
            raise
        return cls(engine, encoder)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages for the question by fused score, best first."""
        return hybrid_search(self._engine, self._encoder, question, limit, settings=self._settings)

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError for an unknown one."""
        return self._engine.document(document_id)

    def documents_of(self, ids: Sequence[str]) -> dict[str, Document]:
        """The documents with these ids; raises KeyError for an unknown one."""
        return read_documents(self._engine, ids)

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""
        return self._engine.copies(ids) if isinstance(self._engine, TellsCopies) else {}

    def count(self) -> int:
        """How many passages are indexed."""
        return self._engine.count()

    def close(self) -> None:
        """Close the index."""
        self._engine.close()
