"""The "verified" mark: whether the words still stand where the citation says, in the index and in the file on disk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from corpus.errors import CitespanError
from corpus.loaders.load import load
from qa.collection import Collection
from qa.exhibits import Exhibit
from qa.phrasing import web_address
from qa.types import Citation
from qa.verification import verify_citation


class Standing(StrEnum):
    """What the check came to."""

    HOLDS = "holds"
    UNCOMPARED = "uncompared"
    """It holds in the index; the file cannot be compared any more."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome, and what was checked, in a sentence."""

    standing: Standing
    what: str


def prove(exhibit: Exhibit, collection: Collection) -> Proof:
    """Check hash, offsets and words as `citespan verify` does, then read the file again and compare it."""
    citation = _as_citation(exhibit)
    try:
        problems = verify_citation(citation, collection, "")
    except CitespanError as error:
        return Proof(Standing.BROKEN, str(error))
    if problems:
        return Proof(Standing.BROKEN, "; ".join(problem.what for problem in problems))
    place = f"to the letter at {citation.span.start:,}–{citation.span.end:,} of the text"
    if web_address(exhibit.source):
        return Proof(Standing.UNCOMPARED, f"{place}; it was read from the web, which is not asked")
    try:
        now = _text_hash(exhibit.source)
    except (OSError, CitespanError):
        return Proof(Standing.UNCOMPARED, f"{place} as it was read; its file cannot be read now")
    if now != exhibit.document_sha256:
        return Proof(Standing.BROKEN, "the file on disk has changed since it was read; build the index again")
    return Proof(Standing.HOLDS, f"{place}, and the file on disk is unchanged")


def _as_citation(exhibit: Exhibit) -> Citation:
    """The exhibit as something to check; a passage that is merely near is its own quote."""
    return Citation(
        document_id=exhibit.document_id,
        title=exhibit.title,
        source=exhibit.source,
        published=exhibit.published,
        document_sha256=exhibit.document_sha256,
        span=exhibit.mark or exhibit.passage,
        quote=exhibit.quote or exhibit.passage_text,
        passage=exhibit.passage,
        passage_text=exhibit.passage_text,
        score=0.0,
    )


def _text_hash(source: str) -> str:
    """The hash of the text that the file holds now."""
    look = Path(source).stat()
    return _hash_as_of(source, look.st_mtime_ns, look.st_size, look.st_ino)


@lru_cache(maxsize=512)
def _hash_as_of(source: str, _modified: int, _size: int, _inode: int) -> str:
    """Read and parse the file; of one that looks as it did, the outcome is known."""
    return load(Path(source)).sha256
