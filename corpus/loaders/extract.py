"""What a loader hands back: the text that stays citable and the metadata that the file itself states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Extract:
    """One file's text and what its own markup says of it; None where it says nothing."""

    text: str
    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    url: str | None = None
