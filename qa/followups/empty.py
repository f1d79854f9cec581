"""Pronouns that mean nothing in particular: the "it" of "how long does it take", the "they" of "what do they speak"."""

from __future__ import annotations

import re

from qa.entities import question_names
from qa.followups.shape import AUXILIARY

_EMPTY_IT = re.compile(
    r"\b(?:(?:does|did|would|will|do|can)\sit\s(?:take\s(?!\W|place|part)|cost\sto|mean\s(?:to|when|if)|make\ssense|rain|snow|blow|matter|seem"
    r"|(?:get|become)\s(?:cold|hot|warm|dark|light|wet)\b)"
    r"|(?:is|was|be)\sit\s(?:that|true|possible|necessary|important|called|like\sto|safe\sto|worth|when|if|before|after|since|until|about|being|to\s[a-z]+"
    r"|\w+\s(?:for|to|that)\b|[^?]*?\b(?:that|who|which|when|where)\b)"
    r"|how\s(?:cold|hot|warm|dark|light|wet)\s(?:does|did|will|can)\sit\sget\b"
    r"|it\s(?:is|was|takes|took|became|becomes)\s\w+\s(?:that|to)\b)",
    re.IGNORECASE,
)
_ANYBODY = re.compile(
    r"they\s(?:speak|eat|drink|wear|celebrate|call|film|shoot|say|stop|start|begin|discontinue|invent|discover|cancel|introduce"
    r"|(?:first\s)?(?:make|produce|build|grow|use|sell|play|show|put|add|change|charge|vaccinat\w+))\b\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ANYBODY_DOING = re.compile(r"\bare\sthey\s[a-z]+ing\s(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_OWN_OBJECT = re.compile(r"(?:\w+ing\s)?(?:the|a|an|them|from|mass)\b|\w+ing\b", re.IGNORECASE)


def is_empty(question: str, start: int, word: str) -> bool:
    """Whether the pronoun at `start` stands for nothing that was named, in this question or before it."""
    if word == "it":
        return any(match.start() <= start < match.end() for match in _EMPTY_IT.finditer(question))
    return word == "they" and _is_anybody(question, start)


def _is_anybody(question: str, start: int) -> bool:
    """Whether people in general are meant: what they do has an object or a place of its own in the question."""
    match = _ANYBODY.match(question, start) or _ANYBODY_DOING.search(question, max(0, start - 4))
    if match is None or re.search(rf"\b{AUXILIARY}\s$", question[:start], re.IGNORECASE) is None:
        return False
    rest = match["rest"]
    return bool(question_names(f"x {rest}")) or _OWN_OBJECT.match(rest) is not None
