"""Plain text: taken as it stands, line ends included, because every offset counts from it."""

from __future__ import annotations

from corpus.loaders.extract import Extract


def parse_text(text: str) -> Extract:
    """The text itself; title, date and publisher are looked for by `corpus.metadata`."""
    return Extract(text)
