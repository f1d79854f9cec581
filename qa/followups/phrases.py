"""Noun phrases in a question: names with what belongs to them, and the preposition before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.types import Span
from qa.entities import question_names
from qa.periods.absolute import absolute_mentions

PREPOSITION = (
    r"(?:in|on|at|for|from|to|with|of|by|since|until|under|during|after|before|about|into|through|near|inside|within|"
    r"between|among|against|as)"
)
_LEAD = re.compile(
    rf"(?:\b(?P<preposition>{PREPOSITION})\s)?(?P<article>\b(?:the|a|an|its|their|this|that)\s)?(?:[a-z-]+\s)?$",
    re.IGNORECASE,
)
_SHORT_LEAD = re.compile(
    rf"(?:\b(?P<preposition>{PREPOSITION})\s)?(?P<article>\b(?:the|a|an|this|that)\s)?$", re.IGNORECASE
)
_TAIL = re.compile(
    r"(?:[’']s?)?\s(?:zone|city|company|group|hospital|line|project|plant|wing|academy|museum|gallery|council|race|river|lake|storm|bank|school|university|party|team|club|prize|award|programme|program)\b"
)
_DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those|its|their|his|her|a|an)\s(?!same\b)[a-z][\w’'-]*(?:\s(?!and\b|or\b)[a-z][\w’'-]*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name in its place; `span` is the name alone, `whole` with article and the noun that goes with it."""

    span: Span
    whole: Span
    preposition: str
    text: str
    """The words at `whole`."""


def name_phrases(question: str) -> list[Phrase]:
    """The names of a question in order, periods left out."""
    times = [mention.span for mention in absolute_mentions(question)]
    found, start = [], 0
    for name in question_names(question):
        at = question.find(name, start)
        if at < 0:
            continue
        span = Span(at, at + len(name))
        start = span.end
        if any(span.overlaps(time) for time in times):
            continue
        lead = _SHORT_LEAD.search(question[:at])
        article = lead["article"] if lead and lead["article"] else ""
        tail = _TAIL.match(question, span.end)
        whole = Span(at - len(article), tail.end() if tail else span.end)
        found.append(Phrase(span, whole, (lead["preposition"] or "").casefold() if lead else "", whole.of(question)))
    return found


def definite_before(text: str) -> bool:
    """Whether `text` holds a noun phrase with an article or the like, which a later pronoun may mean."""
    return _DEFINITE.search(text) is not None


def topic_of(question: str) -> str | None:
    """What a question is about: its first name with article and noun, else its first noun phrase with "the"."""
    if phrases := name_phrases(question):
        return phrases[0].text
    match = re.search(
        r"\bthe\s(?:[a-z][\w’'-]*\s?){1,4}?(?=\s(?:have|has|had|cost|open|in|on|at|of|from|for|with|do|by)\b|[?,]|$)",
        question,
    )
    return match[0].strip() if match else None
