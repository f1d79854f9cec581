"""A citation as JSON: the keys of the contract in its order, `publisher` and `url` at the end, then `page` if any."""

from __future__ import annotations

from typing import Any

from qa.types import Citation

CONFIDENCE_DIGITS = 4


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """One citation as a JSON object."""
    row = {
        "document_id": citation.document_id,
        "title": citation.title,
        "source": citation.source,
        "published": citation.published.isoformat() if citation.published else None,
        "document_sha256": citation.document_sha256,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
        "passage": {"start": citation.passage.start, "end": citation.passage.end, "text": citation.passage_text},
        "score": round(citation.score, CONFIDENCE_DIGITS),
        "publisher": citation.publisher,
        "url": citation.url,
    }
    return row if citation.page is None else {**row, "page": citation.page}
