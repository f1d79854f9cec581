"""Short digests by which the truth knows its own rows again: a bit flipped on the disk is told, not answered from."""

from __future__ import annotations

import hashlib
import json

from corpus.types import Document, Passage
from index.details import details_to_json

SEAL_BYTES = 8
"""Enough against accidents: one damaged row in 10^19 would pass. Nobody is kept from forging one."""


def document_seal(document: Document, passages: int) -> bytes:
    """Of all that is stored of a document but its text (which has a hash of its own), and how many passages it has."""
    published = document.published.isoformat() if document.published else None
    facts = (document.id, document.source, document.title, published, document.publisher, document.url)
    return row_seal(*facts, document.sha256, passages, details=details_to_json(document.details))


def row_seal(*facts: str | int | None, details: str | None) -> bytes:
    """Of a document's columns; details count where there are any, so that rows without keep the seal of format 2."""
    return facts_seal(*facts) if details is None else facts_seal(*facts, details)


def passage_seal(passage: Passage) -> bytes:
    """Of a passage's place and context; its words are the document's."""
    return facts_seal(passage.id, passage.document_id, passage.span.start, passage.span.end, passage.context)


def facts_seal(*facts: str | int | None) -> bytes:
    """Of a row's columns, in the order that the tables name them."""
    return _seal(json.dumps(facts).encode())


def vector_seal(digest: bytes, vector: bytes) -> bytes:
    """Of a stored vector (float16, little-endian) together with the digest of the text that it stands for."""
    return _seal(digest + vector)


def input_digest(text: str) -> bytes:
    """What stands for the encoded text of a passage, so that its vector is found again (16 bytes)."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=SEAL_BYTES).digest()
