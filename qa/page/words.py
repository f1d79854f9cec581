"""What the page says of the collection it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageWords:
    """Counts for the header and example questions for an empty conversation."""

    documents: int
    passages: int
    examples: tuple[str, ...] = ()
