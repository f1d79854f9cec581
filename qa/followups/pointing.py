"""Pronouns that mean nothing inside their question: they point out of it, at an earlier one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.entities import question_names
from qa.followups.phrases import CLASS_NOUNS, definite_before
from qa.followups.shape import AUXILIARY, shape_of
from qa.periods.absolute import absolute_mentions

_PRONOUN = re.compile(
    r"\b(?P<personal>they|them|their|theirs|it(?![’']s)|its|he|him|his|she|her|hers)\b"
    r"|\b(?P<there>there)\b(?!\s(?:is|are|was|were|be|been|has|have|had|will|to|exist|remain|\w+ed\b))"
    r"|\b(?P<then>(?:in|at|by|during)\s(?:that|the same|this)\s(?:year|day|month|time)|then)\b"
    r"|\b(?P<noun>(?:that|this|the said)\s(?:[a-z]+))\b(?=\W|\s(?!of\b))",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\b(?:(?:does|did|would|will|do|can)\sit\s(?:take\s(?!\W|place|part)|cost\sto|mean\sto|make\ssense|rain|snow|blow|matter|seem)"
    r"|(?:is|was|be)\sit\s(?:that|true|possible|necessary|important|called|like\sto|safe\sto|worth|\w+\s(?:for|to|that)\b)"
    r"|it\s(?:is|was|takes|took)\s\w+\s(?:that|to)\b)",
    re.IGNORECASE,
)
_EXISTENTIAL = re.compile(r"\b(?:is|are|was|were|be|been|will|would)\s+there\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?!does\b)(?:people|men|women|children|police|staff|[a-z]{3,}s)\b")
_POSSESSIVE = frozenset({"their", "theirs", "its", "his", "hers"})
PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers"})
_SUBJECT = re.compile(rf"\b{AUXILIARY}\s(?!it\b|they\b|he\b|she\b|there\b|to\b)[a-z]+", re.IGNORECASE)
"""A noun behind the helping verb, which a later "its" means."""
_SUBORDINATE = re.compile(
    r"\b(?:though|although|when|as|if|because|that|while|before|after|until|once|where|so)\s$", re.IGNORECASE
)
_OBJECT_HER = re.compile(r"\bher\b(?=\s*(?:\?|$|,|in\b|at\b|on\b|for\b|with\b))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Use:
    """A pronoun in its place."""

    start: int
    end: int
    word: str
    sort: str
    possessive: bool


def pointing_out(question: str) -> list[Use]:
    """The pronouns that mean nothing inside the question, each word once."""
    found: list[Use] = []
    for match in _PRONOUN.finditer(question):
        sort = match.lastgroup or ""
        word = match[0].casefold()
        owner = word in _POSSESSIVE or (word == "her" and not _OBJECT_HER.match(question, match.start()))
        use = Use(match.start(), match.end(), word, sort, owner)
        if not any(use.word == other.word for other in found) and _points_out(question, use, bool(found)):
            found.append(use)
    return found


def _points_out(question: str, use: Use, after_another: bool) -> bool:
    before = question[: use.start]
    match use.sort:
        case "there":
            return not _EXISTENTIAL.search(question[: use.end]) and not question_names(before)
        case "then":
            closing = question.casefold().rstrip("? ").endswith(" then")
            return closing if use.word == "then" else not absolute_mentions(question)
        case "noun":
            return (
                question[use.start : use.end].islower()
                and not question_names(before)
                and _is_class(use.word.split()[-1])
            )
        case _:
            return not _is_empty(question, use) and _person_points_out(before, use, after_another)


def _is_empty(question: str, use: Use) -> bool:
    """Whether it is the "it" of "How long does it take"."""
    return use.word == "it" and any(match.start() <= use.start < match.end() for match in _EMPTY_IT.finditer(question))


def _person_points_out(before: str, use: Use, after_another: bool) -> bool:
    if question_names(before) or definite_before(before):
        return False
    if re.search(rf"\b{AUXILIARY}\s$", before, re.IGNORECASE):
        return True
    if use.word in {"they", "them", "their", "theirs"} and _PLURAL.search(before):
        return after_another
    if use.word not in PEOPLE and _SUBJECT.search(before) and (use.word == "its" or _SUBORDINATE.search(before)):
        return after_another
    return not _asked_of(before, use) or after_another


def _asked_of(before: str, use: Use) -> bool:
    """Whether the question words themselves are what the pronoun means: "Which company sold its plant?".

    Only whose something is can be asked of in its own clause: in "What bothers her?" she is somebody else.
    """
    if not use.possessive:
        return False
    if re.search(r"\b(?:which|what|how many|whose)\s[a-z]", before, re.IGNORECASE):
        return shape_of(before) is None or not re.search(rf"\b{AUXILIARY}\b", before, re.IGNORECASE)
    copula = re.match(r"\W*who\s(?:\w+\s)?(?:is|was|are|were|be|been|became|becomes)\s$", before, re.IGNORECASE)
    return re.match(r"\W*who\b", before, re.IGNORECASE) is not None and copula is None


def _is_class(noun: str) -> bool:
    return re.fullmatch(rf"(?:{CLASS_NOUNS})s?|companies|cities", noun, re.IGNORECASE) is not None
