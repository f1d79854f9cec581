"""From a place in an article to a citation that a program can check."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.errors import ArticleChangedError
from corpus.types import Document, Passage, Span
from qa.evidence import Supported
from qa.types import Citation


def cite(place: Supported, documents: Mapping[str, Document]) -> Citation:
    """Cite a candidate where it stands; raises ArticleChangedError where article and passage are not of one state."""
    evidence = place.evidence
    return cite_span(evidence.candidate.span, evidence.scored.passage, documents, place.score)


def cite_span(span: Span, passage: Passage, documents: Mapping[str, Document], score: float) -> Citation:
    """Cite `span`, in document coordinates; where it leaves the passage, the passage shown is stretched to hold it."""
    document = documents[passage.document_id]
    if passage.span.of(document.text) != passage.text:
        raise ArticleChangedError(f"the article {document.source} changed while it was read; ask again")
    shown = Span(min(passage.span.start, span.start), max(passage.span.end, span.end))
    return Citation(
        document_id=document.id,
        title=document.title,
        source=document.source,
        published=document.published,
        document_sha256=document.sha256,
        span=span,
        quote=span.of(document.text),
        passage=shown,
        passage_text=shown.of(document.text),
        score=score,
        publisher=document.publisher,
        url=document.url,
        page=document.page_at(span.start),
    )
