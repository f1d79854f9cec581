"""A collection: one index under a name, open to be asked and to be looked through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from corpus.types import Document
from index.listing import Listing, generation_of, list_documents
from qa.filters.types import Filters
from qa.pipeline import Pipeline
from qa.types import Answer
from qa.understanding import NO_FILTERS

if TYPE_CHECKING:
    from index.engines.milvus.engine import MilvusEngine


@dataclass(frozen=True, slots=True)
class Found:
    """The first stage of an answer: so many passages to read were found in so many milliseconds."""

    passages: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a question is put; None leaves it to the collection."""

    filters: Filters = NO_FILTERS
    target_error: float | None = None
    top_k: int | None = None


EVERYTHING = Terms()


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a collection holds, and how many batches were written to it."""

    documents: int
    passages: int
    generation: int


class Collection(Protocol):
    """What the page and the programs' interface need. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """What it is called, unique on one page."""

    @property
    def default_target_error(self) -> float | None:
        """The share of wrong answers accepted where nothing else is said; None where confidence is not calibrated."""

    def ask(
        self,
        question: str,
        terms: Terms = EVERYTHING,
        previous: Sequence[str] = (),
        notice: Callable[[Found], None] | None = None,
    ) -> Answer:
        """Answer or abstain; raises CitespanError where the question or the index does not allow either."""

    def document(self, document_id: str) -> Document:
        """Return the article with this id; raises KeyError for an unknown one."""

    def listing(self) -> Listing:
        """List what it holds now."""

    def caveat(self, target_error: float) -> str | None:
        """What to tell a user whose target error cannot be promised; None where it can."""


@runtime_checkable
class Counted(Protocol):
    """A collection that counts without listing: where there are many millions of articles a list takes minutes."""

    def counts(self) -> Counts:
        """Count what it holds now."""


def counts_of(collection: Collection) -> Counts:
    """What the collection holds now; raises CitespanError where its engine cannot be asked."""
    if isinstance(collection, Counted):
        return collection.counts()
    listing = collection.listing()
    return Counts(len(listing.documents), listing.passages, listing.generation)


class _PipelineCollection:
    """What a collection does by its pipeline, wherever the index is."""

    def __init__(self, name: str, pipeline: Pipeline) -> None:
        self.name = name
        self._pipeline = pipeline

    @property
    def default_target_error(self) -> float | None:
        """What the calibration was fitted to keep, None without one."""
        return self._pipeline.default_target_error

    def ask(
        self,
        question: str,
        terms: Terms = EVERYTHING,
        previous: Sequence[str] = (),
        notice: Callable[[Found], None] | None = None,
    ) -> Answer:
        """Answer one question of a conversation; `notice` is called once the passages are found."""

        def found(passages: int, milliseconds: float) -> None:
            if notice is not None:
                notice(Found(passages, milliseconds))

        return self._pipeline.ask(
            question,
            top_k=terms.top_k,
            target_error=terms.target_error,
            filters=terms.filters,
            previous=previous,
            on_found=found,
        )

    def document(self, document_id: str) -> Document:
        """The article with this id, its text checked against its hash; raises KeyError for an unknown one."""
        return self._pipeline.document(document_id)

    def caveat(self, target_error: float) -> str | None:
        """What to tell a user whose target error cannot be promised; None where it can."""
        return self._pipeline.caveat(target_error)


class IndexCollection(_PipelineCollection):
    """The collection of an index on disk. Follows an index that grows while it is open."""

    def __init__(self, name: str, directory: Path, pipeline: Pipeline) -> None:
        super().__init__(name, pipeline)
        self.directory = directory
        self._listing: Listing | None = None

    def listing(self) -> Listing:
        """List what the index holds; read again only where a build changed it since."""
        known = self._listing
        if known is None or known.generation != generation_of(self.directory):
            # Two threads at once may both read; either result is right.
            known = self._listing = list_documents(self.directory)
        return known


class MilvusCollection(_PipelineCollection):
    """The collection of an index in Milvus, which other processes ask as well."""

    def __init__(self, name: str, engine: MilvusEngine, pipeline: Pipeline) -> None:
        super().__init__(name, pipeline)
        self._engine = engine
        self._listing: Listing | None = None

    def listing(self) -> Listing:
        """List what the index holds; read again only where a batch was written since."""
        known, now = self._listing, self._engine.generation()
        if known is None or known.generation != now:
            known = self._listing = self._engine.listing()
        return known

    def counts(self) -> Counts:
        """Count what the index holds."""
        return Counts(self._engine.count_documents(), self._engine.count(), self._engine.generation())
