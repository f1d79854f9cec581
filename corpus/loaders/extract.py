"""What a loader hands back: the text that stays citable and the metadata that the file itself states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Extract:
    """One article's text and what its own mark-up says of it; None where it says nothing."""

    text: str
    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    url: str | None = None
    author: str | None = None
    updated: date | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()
    """Where in the text each page begins."""
    created: date | None = None
    """When the file was made, which dates the article only where nothing else does."""


def headed(title: str | None, text: str) -> str:
    """`text` under its title, which is put before it where its beginning lacks it."""
    if not title or f" {title} " in f" {' '.join(text[: 4 * len(title) + 400].split())} ":
        return text
    return f"{title}\n\n{text}"
