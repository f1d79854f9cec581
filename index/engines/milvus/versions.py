"""What stands for the content of an article, so that two places know whether they hold the same of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_DIGITS = 20


def version_of(document: bytes, passages: Sequence[bytes], copies: Sequence[str]) -> str:
    """What stands for all that Milvus holds of a document: from its seal, its passages' seals and its copies' ids.

    The same content has the same version wherever it is made: bringing it in twice writes the same rows.
    """
    digest = hashlib.sha256()
    for part in (document, *sorted(passages), *(other.encode() for other in copies)):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.hexdigest()[:_DIGITS]
