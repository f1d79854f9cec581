"""Filters that stand in the question itself: "according to China Daily", "in articles since 2022"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from qa.filters.types import Filters
from qa.periods.absolute import absolute_mentions

_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w’'&-]*"
_NAME = rf"(?P<name>(?:[Tt]he\s)?(?:{_CAPITALISED}(?:\s(?:(?:of|the|and)\s)?{_CAPITALISED})*|[\w-]+(?:\.[\w-]+)+))"
_PUBLISHER = re.compile(
    rf",?\s*\b(?i:according\sto|as\sreported\s(?:by|in)|as\s(?:told|written)\sin|reported\sby)\s{_NAME}"
    r"(?:,|(?=\s*[?.!]|\s*$))"
)
_SAYS = re.compile(rf"^(?i:what\s(?:does|did))\s{_NAME}\s(?:say|write|report)\b")
_ARTICLES = r"(?:articles?|reports?|news|stories|coverage|papers?|texts?|pieces)"
_DATED = re.compile(
    rf",?\s*\b(?:according\sto|in|from|by|using|only)?\s*(?:the\s|only\s)*{_ARTICLES}\s(?:published\s|written\s|dated\s|that\sappeared\s)?"
    r"(?P<how>in|from|of|since|after|before|until|up\sto|by)\s(?=(?P<when>.{4,40}))",
    re.IGNORECASE,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """A question without the words that chose articles, and what they chose."""

    question: str
    filters: Filters


def typed_filters(question: str) -> Typed:
    """Take the filters out of a question; one without any comes back as it was, with empty filters.

    A publisher is only a guess from the wording ("according to the mayor" names none): the caller must find that there
    is such a publisher, or put the question as it was.
    """
    dated = _without_dates(question)
    rest, filters = dated.question, dated.filters
    if match := _PUBLISHER.search(rest):
        filters = filters.narrowed(Filters(publisher=match["name"]))
        rest = _joined(rest[: match.start()], rest[match.end() :])
    elif match := _SAYS.match(rest):
        filters = filters.narrowed(Filters(publisher=match["name"]))
    return Typed(rest, filters) if filters else Typed(question, filters)


def _without_dates(question: str) -> Typed:
    match = _DATED.search(question)
    mentions = absolute_mentions(question[match.end() :]) if match else []
    if match is None or not mentions or mentions[0].span.start > 4:
        return Typed(question, Filters())
    period, how = mentions[0].period, match["how"].casefold()
    bounds = {
        "since": Filters(since=period.first),
        "after": Filters(since=period.last + _DAY),
        "before": Filters(until=period.first - _DAY),
        "until": Filters(until=period.last),
        "up to": Filters(until=period.last),
        "by": Filters(until=period.last),
    }
    filters = bounds.get(" ".join(how.split()), Filters(since=period.first, until=period.last))
    return Typed(_joined(question[: match.start()], question[match.end() + mentions[0].span.end :]), filters)


def _joined(head: str, tail: str) -> str:
    """Both parts as one question that begins with a capital."""
    tail = tail.lstrip(" ,") if not head.strip() else tail
    joined = " ".join(f"{head.rstrip(' ,')}{'' if tail[:1] in '?.!,' else ' '}{tail}".split())
    return joined[:1].upper() + joined[1:]
