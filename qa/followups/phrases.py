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
_LAST_NOUN = re.compile(
    r"\s(?!(?:cost|take|have|last|open|begin|close|win|[a-z]+ed)\b)[a-z]+(?=\W*$|\s(?:in|at|on|of|by|is|was|are|were|cost|have)\b)"
)
_DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those|its|their|his|her|a|an)\s(?!same\b)[a-z][\w’'-]*(?:\s(?!and\b|or\b)[a-z][\w’'-]*)?",
    re.IGNORECASE,
)

CLASS_NOUNS = (
    "company|firm|group|city|town|zone|hospital|museum|gallery|line|bank|school|university|academy|team|club|river|lake|storm|"
    "battery|plant|author|researcher|winner|director|mayor|exhibition|study|project|person|man|woman|place|country|island|building"
)
"""Nouns that stand for a name: "the company"."""
_HEAD = re.compile(
    r"\bthe\s(?:[a-z’'-]+\s)?(?P<noun>[a-z’'-]+)\s(?:at|of|in|to|on|from|for|by|near|over|under)\s$", re.IGNORECASE
)
_OFFICES = frozenset(
    word
    for line in (
        "mayor director chairman chairwoman chair chief executive head judge president minister founder captain",
        "master leader architect author artist secretary manager owner chancellor vice-chancellor curator editor",
        "name year number",
    )
    for word in line.split()
)
_DEFINITE_TOPIC = re.compile(
    r"\bthe\s(?:[a-z][\w’'-]*\s?){1,4}?"
    r"(?=\s(?:have|has|had|cost|open|in|on|at|of|from|for|with|do|by|is|are|was|were|take|last|used|asking|called)\b"
    r"|\s[a-z]+(?:ed|ing)\s(?:in|on|at|about|by|for|to)\b|[?,]|$)"
)
_DOING = re.compile(r"\b(?:do|does|did|will|would|can|could|may|might|must|should)\s$", re.IGNORECASE)


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
        tail = _TAIL.match(question, span.end) or (_LAST_NOUN.match(question, span.end) if article else None)
        whole = Span(at - len(article), tail.end() if tail else span.end)
        found.append(Phrase(span, whole, (lead["preposition"] or "").casefold() if lead else "", whole.of(question)))
    return found


def definite_before(text: str) -> bool:
    """Whether `text` holds a noun phrase with an article or the like, which a later pronoun may mean."""
    return _DEFINITE.search(text) is not None


def topic_of(question: str) -> str | None:
    """What a question is about: its first name with article and noun and, for "the bridge at Veldry", with its head.

    Without a name the first noun phrase with "the". Who has an office is not the topic, what it is the office of is.
    """
    if phrases := name_phrases(question):
        first = phrases[0]
        head = _HEAD.search(question[: first.whole.start])
        if head and head["noun"].casefold() not in _OFFICES:
            return f"{head[0]}{first.text}"
        return first.text
    match = _DEFINITE_TOPIC.search(question)
    if match is None:
        return None
    words = match[0].split()
    to_the_end = not question[match.end() :].strip(" ?.!")
    if to_the_end and len(words) > 2 and _DOING.search(question[: match.start()]):
        words.pop()  # the verb: "What does the product cost?"
    return " ".join(words)
