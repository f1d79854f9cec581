"""A citation as JSON: the keys of the contract in its order, `publisher` and `url` at the end.

After them come `page`, where the article has pages, and `also_in`, where other articles tell the same story.
"""

from __future__ import annotations

from typing import Any

from qa.types import AlsoIn, Citation

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
    if citation.page is not None:
        row["page"] = citation.page
    return {**row, "also_in": [_also_in(one) for one in citation.also_in]} if citation.also_in else row


def _also_in(one: AlsoIn) -> dict[str, Any]:
    return {
        "document_id": one.document_id,
        "title": one.title,
        "source": one.source,
        "published": one.published.isoformat() if one.published else None,
        "publisher": one.publisher,
    }
