"""Pronouns that mean nothing inside their question: they point out of it, at an earlier one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.entities import question_names
from qa.followups.empty import is_empty
from qa.followups.inside import asked_of, is_object, subject_before
from qa.followups.phrases import CLASS_NOUNS, definite_before
from qa.followups.shape import AUXILIARY
from qa.periods.absolute import absolute_mentions

_PRONOUN = re.compile(
    r"\b(?P<personal>they|them|their|theirs|it(?![’']s)|its|he|him|his|she|her|hers)\b"
    r"|(?<=\bof\s)(?P<part>these|those)\b(?=\s*(?:\?|$|(?:is|are|was|were|has|have|do|did|will|can)\b))"
    r"|\b(?P<there>there)\b(?!\s(?:is|are|was|were|be|been|has|have|had|will|to|exist|remain|\w+ed\b))"
    r"|\b(?P<then>(?:in|at|by|during)\s(?:that|the same|this)\s(?:year|day|month|time)|then)\b"
    r"|(?<=\bdid\s)(?P<figure>that|this)\b(?=\s(?!happen)[a-z]+\s*(?:$|\?|\b(?:in|since|from|by|to|over|compared)\b))"
    r"|\b(?P<noun>(?:that|this|the said)\s(?:[a-z]+))\b(?=\W|\s(?!of\b))"
    r"|(?:(?<=\bhave\s)|(?<=\bneed\s)|(?<=\bwant\s)|(?<=\bget\s)|(?<=\bbuy\s)|(?<=\buse\s)|(?<=\bfor\s))"
    r"(?P<one>one)\b(?=\s*(?:\?|$))",
    re.IGNORECASE,
)
_EXISTENTIAL = re.compile(r"\b(?:is|are|was|were|be|been|will|would)\s+there\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?!does\b)(?:people|men|women|children|police|staff|[a-z]{3,}s)\b")
_POSSESSIVE = frozenset({"their", "theirs", "its", "his", "hers"})
PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers"})
_SUBORDINATE = re.compile(
    r"\b(?:though|although|when|as|if|because|that|while|before|after|until|once|where|so)\s$", re.IGNORECASE
)
_OBJECT_HER = re.compile(r"\bher\b(?=\s*(?:\?|$|,|in\b|at\b|on\b|for\b|with\b))", re.IGNORECASE)
_SOME_THING = re.compile(r"\b(?:an?|any|each|every|another|of)\s[a-z]", re.IGNORECASE)


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
        case "figure" | "part":
            return not question_names(before)
        case "one":
            return not question_names(before) and not _SOME_THING.search(before)
        case _:
            return not is_empty(question, use.start, use.word) and _person_points_out(question, use, after_another)


def _person_points_out(question: str, use: Use, after_another: bool) -> bool:
    before = question[: use.start]
    if not use.possessive and is_object(question, use.start, use.end):
        return True
    if question_names(before) or definite_before(before):
        return False
    if re.search(rf"\b{AUXILIARY}\s$", before, re.IGNORECASE):
        return True
    if use.word in {"they", "them", "their", "theirs"} and _PLURAL.search(before):
        return after_another
    if subject_before(before) and (
        use.possessive or (use.word not in PEOPLE and _SUBORDINATE.search(before) is not None)
    ):
        return after_another
    return not asked_of(before, use.word, possessive=use.possessive) or after_another


def _is_class(noun: str) -> bool:
    return re.fullmatch(rf"(?:{CLASS_NOUNS})s?|companies|cities", noun, re.IGNORECASE) is not None
