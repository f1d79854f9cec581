"""Addresses that open the page on a question: the same question over the same index has the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from qa.page.turns import Turn

QUESTION, COLLECTION, ERROR, SINCE, UNTIL, SOURCE = "q", "in", "error", "since", "until", "source"


@dataclass(frozen=True, slots=True)
class Followed:
    """What a link asks: the question, of which collection, and the four values of the page's controls."""

    question: str
    collection: str | None
    controls: tuple[object, object, object, object]


def link_of(turn: Turn) -> str:
    """The address, relative to the page, that asks this again; a follow-up is written out as it was understood."""
    filters, target = turn.terms.filters, turn.terms.target_error
    asked = (turn.answer.resolved if turn.answer else None) or turn.question
    values = {
        QUESTION: asked,
        COLLECTION: turn.collection,
        ERROR: f"{100 * target:g}" if target else "",
        SINCE: _day(filters.since),
        UNTIL: _day(filters.until),
        SOURCE: filters.source or "",
    }
    return "?" + urlencode({name: value for name, value in values.items() if value}, errors="replace")


def followed(parameters: Mapping[str, str]) -> Followed | None:
    """What an address asks; None where it asks nothing."""
    question = parameters.get(QUESTION, "").strip()
    if not question:
        return None
    rest = (_number(parameters.get(ERROR)), *(parameters.get(name, "") for name in (SINCE, UNTIL, SOURCE)))
    return Followed(question, parameters.get(COLLECTION), (rest[0], rest[1], rest[2], rest[3]))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(text: str | None) -> float | None:
    """A share in percent; what is no number is none."""
    if text is None or not text.replace(".", "", 1).isdecimal():
        return None
    return float(text)
