"""What a file may cost, so that one made to do harm is refused with a reason while the rest of the folder goes on."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file. Time and memory are those of the process that parses (`corpus.loaders.apart`)."""

    text_bytes: int = 50 * MEGABYTE
    """Of a file of text, and of a member of an archive. A news article is a few kilobytes, a long book a megabyte."""
    packed_bytes: int = 200 * MEGABYTE
    """Of a file that may hold pictures (PDF, DOCX, ...) or other files."""
    unpacked_bytes: int = 500 * MEGABYTE
    """Of all that is packed in one file."""
    ratio: int = 100
    """Unpacked to packed bytes, beyond the first ten megabytes: prose packs to a third, tables to a twentieth."""
    members: int = 10_000
    """Files in an archive, or parts of a DOCX, ODT or EPUB."""
    nesting: int = 3
    """Archives inside one another."""
    pages: int = 2_000
    """Of a PDF."""
    rows: int = 100_000
    """Articles in one CSV or JSONL file."""
    lines: int = 1_000_000
    """A book has some ten thousand; each costs memory, so a file of nothing but line ends must not pass."""
    seconds: float = 60.0
    """For one article, or one member of an archive."""
    file_seconds: float = 600.0
    """For one file with all that is in it."""
    memory: int = 2048 * MEGABYTE
    """Address space of the process that parses."""


LIMITS = Limits()
