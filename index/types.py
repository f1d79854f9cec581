"""The values and the seams of the index: what a search returns, what an encoder and an engine must do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import UsageError
from corpus.types import Document, Passage, Refusal
from index.traits import Traits

Vectors = NDArray[np.float32]
"""Rows of unit length, shape [n, dimension]."""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage as it answers one question; the score belongs to the pairing, never to the passage."""

    passage: Passage
    score: float
    """The fused score, in [0, 1], higher is better."""
    dense: float | None = None
    """Cosine to the question, where the dense search returned the passage."""
    lexical: float | None = None
    """BM25, where the lexical search returned the passage."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One row of one search: a passage id and that search's own score, higher is better."""

    passage_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents a search looks at: those that meet all that is given. Raises UsageError for an empty range."""

    since: date | None = None
    """Published on this day or after it; a document without a date is then passed over."""
    until: date | None = None
    """Published on this day or before it; likewise."""
    source: str | None = None
    """A glob that the whole source must match, as `fnmatch.fnmatchcase` does: `*` goes across slashes."""

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(f"no day lies from {self.since} until {self.until}; give the earlier day first")

    def covers(self, source: str, published: date | None) -> bool:
        """Whether a document with this source and date is looked at."""
        if self.since is not None and (published is None or published < self.since):
            return False
        if self.until is not None and (published is None or published > self.until):
            return False
        return self.source is None or fnmatchcase(source, self.source)


@dataclass(frozen=True, slots=True)
class EncodedDocument:
    """A document ready to be stored: `vectors[i]` belongs to `passages[i]`."""

    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors
    traits: Traits | None = None
    """What is kept of it for looking at the folder as a whole; without them the next build makes them."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; the four tuples hold document sources, in order of path."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    passages_embedded: int
    generation: int
    recut: tuple[str, ...] = ()
    """Sources of documents that were cut anew because lines of them were found to repeat across the folder, or no
    longer do."""
    copies: int = 0
    """How many documents are copies of another one, which is read in their place."""


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is: files looked at, of how many, and passages embedded so far."""

    done: int
    total: int
    passages_embedded: int


@dataclass(frozen=True, slots=True)
class ViewHealth:
    """One view beside the truth: `ok` when its stamp is the truth's generation and its count agrees."""

    name: str
    ok: bool
    generation: int | None
    count: int | None
    bytes: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What `citespan status` prints."""

    directory: str
    documents: int
    passages: int
    encoder: str
    dimension: int
    generation: int
    truth_bytes: int
    views: tuple[ViewHealth, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in an index that is not as it was stored."""

    part: Literal["truth", "dense", "lexical"]
    what: str
    """One clause."""
    document: str | None = None
    """Id of the document that it belongs to, if it belongs to one."""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `citespan status --check` found."""

    damage: tuple[Damage, ...]
    behind: tuple[str, ...]
    """Views that are whole but not level with the truth, as after a killed build: the next opening mends them."""


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What `citespan repair` did: both views are written anew and level with the truth."""

    documents: int
    passages: int
    generation: int


class Encoder(Protocol):
    """Turns text into unit vectors. Implementations are deterministic: same text, same vector.

    A build counts word-pieces on one thread while another encodes.
    """

    @property
    def fingerprint(self) -> str:
        """Names model, weights and precision; an index made under another fingerprint is not mixed with this one."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def count_tokens(self, text: str) -> int:
        """Word-pieces of `text`, special tokens not counted."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape [len(texts), dimension], rows of unit length; an empty sequence gives shape [0, dimension]."""


class Engine(Protocol):
    """Holds documents, passages and vectors, and searches them. Ids are those of `corpus.types`."""

    def add(self, items: Sequence[EncodedDocument]) -> None:
        """Store or replace these documents, all or none; searchable once this returns."""

    def delete(self, document_ids: Sequence[str]) -> None:
        """Remove these documents, all or none; ids that are not there are passed over."""

    def search_dense(self, vector: Vectors, limit: int, where: Filter | None = None) -> list[SearchHit]:
        """The nearest passages to `vector` (shape [dimension]) by inner product, best first, equal scores by id.

        With `where`, the nearest among the passages of the documents that it covers: as many as there are of those.
        """

    def search_lexical(self, query: str, limit: int, where: Filter | None = None) -> list[SearchHit]:
        """The best passages for the words of `query` by BM25, best first, equal scores by id; `where` as above.

        A filter chooses passages and leaves their scores as they are.
        """

    def search_both(
        self, vector: Vectors, query: str, limit: int, where: Filter | None = None
    ) -> tuple[list[SearchHit], list[SearchHit]]:
        """What `search_dense` and `search_lexical` find, both in one state of the index."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order given; raises KeyError for an unknown one."""

    def document(self, document_id: str) -> Document:
        """The document with this id, text checked against its hash; raises KeyError for an unknown one."""

    def documents(self) -> Iterator[Document]:
        """All documents in order of source."""

    def count(self) -> int:
        """How many passages are stored."""

    def close(self) -> None:
        """Release files; a closed engine raises on use."""
