"""A retriever for the reader stage: whatever is asked, it finds the one document that was put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus import chunk
from corpus.types import Document, Passage, Span
from index.encoder import encoder_input
from index.search import SearchSettings, fuse
from index.types import Encoder, ScoredPassage, SearchHit, Vectors
from qa.features import content_stems

_WHOLE = 300
"""Word-pieces that a context may have to be read as it is, as reading benchmarks do; a longer one (an article) is read
in the passages that an index would hold of it."""


@dataclass(frozen=True, slots=True)
class _Context:
    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors


class GivenContext:
    """Implements `qa.retriever.Retriever` over one document at a time.

    The confidence is fitted on retrieval scores, so the passages get theirs: the encoder's cosine and, for BM25, the
    number of the question's content words that they hold (in one document rarity says little), fused as in any search.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, _Context] = {}
        self._put: _Context | None = None

    def put(self, document: Document) -> None:
        """Make `document` the one that is found."""
        if document.id not in self._known:
            passages = self._passages(document)
            vectors = self._encoder.encode([encoder_input(passage) for passage in passages])
            self._known[document.id] = _Context(document, passages, vectors)
        self._put = self._known[document.id]

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best `limit` passages of the document, best first."""
        if self._put is None:
            return []
        cosines = self._put.vectors @ self._encoder.encode([question])[0]
        by_id = {passage.id: passage for passage in self._put.passages}
        dense = {identity: float(cosine) for identity, cosine in zip(by_id, cosines, strict=True)}
        lexical = {identity: float(_shared(question, passage)) for identity, passage in by_id.items()}
        fused = fuse(_hits(dense), [hit for hit in _hits(lexical) if hit.score > 0], SearchSettings())
        return [
            ScoredPassage(by_id[hit.passage_id], hit.score, dense[hit.passage_id], lexical[hit.passage_id] or None)
            for hit in fused[:limit]
        ]

    def document(self, document_id: str) -> Document:
        """The document that was put in; raises KeyError for any other."""
        if self._put is None or self._put.document.id != document_id:
            raise KeyError(document_id)
        return self._put.document

    def count(self) -> int:
        """How many passages the document is read in."""
        return len(self._put.passages) if self._put else 0

    def close(self) -> None:
        """Nothing is held open."""

    def _passages(self, document: Document) -> tuple[Passage, ...]:
        whole = Passage.of(document, Span(0, len(document.text)), document.title)
        if self._encoder.count_tokens(document.text) <= _WHOLE:
            return (whole,)
        return chunk(document, self._encoder.count_tokens) or (whole,)


def _shared(question: str, passage: Passage) -> int:
    return len(content_stems(question) & content_stems(f"{passage.context} {passage.text}"))


def _hits(scores: dict[str, float]) -> Sequence[SearchHit]:
    return sorted((SearchHit(identity, score) for identity, score in scores.items()), key=lambda hit: -hit.score)
