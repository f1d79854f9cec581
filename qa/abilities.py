"""What a pipeline does beyond finding the best span; each can be left out, so that its worth can be measured."""

from __future__ import annotations

from enum import StrEnum


class Ability(StrEnum):
    """One ability."""

    AGREEMENT = "agreement"
    """Show all values found, with articles and years."""
    TIME = "time"
    """Give the newest figure first where the present is asked for."""
    FILTERS = "filters"
    """Heed filters typed in the question."""
    FOLLOW_UPS = "follow-ups"
    """Resolve a question from the ones before it."""
    LISTS = "lists"
    """Complete an answer that is a list."""
    LONG = "long"
    """Give the sentences that explain."""
    COMBINING = "combining"
    """Cite also where the article names what the question asks about."""


ALL = frozenset(Ability)
