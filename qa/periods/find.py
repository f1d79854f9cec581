"""All periods of a text, named outright or counted from the day of its article."""

from __future__ import annotations

from datetime import date

from qa.periods.absolute import absolute_mentions
from qa.periods.relative import relative_mentions
from qa.periods.types import Mention


def mentions(text: str, published: date | None) -> list[Mention]:
    """Every period that `text` names, in order; without `published` only those named outright."""
    found = absolute_mentions(text)
    if published is not None:
        found += [
            mention
            for mention in relative_mentions(text, published)
            if not any(mention.span.overlaps(other.span) for other in found)
        ]
    return sorted(found, key=lambda mention: mention.span)
