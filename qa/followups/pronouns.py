"""Pronouns that point out of their question, replaced by what the earlier question was about or was answered with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.entities import question_names
from qa.followups.phrases import definite_before, name_phrases, topic_of
from qa.followups.shape import AUXILIARY, shape_of
from qa.followups.turns import Earlier
from qa.periods.absolute import absolute_mentions
from qa.values.reading import read_value
from qa.values.types import Name, Quantity, When

_PRONOUN = re.compile(
    r"\b(?P<personal>they|them|their|theirs|it|its|he|him|his|she|her|hers)\b"
    r"|\b(?P<there>there)\b(?!\s(?:is|are|was|were|be|been|has|have|had|will|to|exist|remain|\w+ed\b))"
    r"|\b(?P<then>(?:in|at|by|during)\s(?:that|the same|this)\s(?:year|day|month|time)|then)\b"
    r"|\b(?P<noun>(?:that|this|the said)\s(?:[a-z]+))\b(?=\W|\s(?!of\b))",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\b(?:(?:does|did|would|will|do|can)\sit\s(?:take|cost\sto|mean\sto|make\ssense|rain|snow|blow|matter|seem)"
    r"|(?:is|was|be)\sit\s(?:that|true|possible|necessary|important|called|like\sto|safe\sto|worth|\w+\s(?:for|to|that)\b)"
    r"|it\s(?:is|was|takes|took)\s\w+\s(?:that|to)\b)",
    re.IGNORECASE,
)
_EXISTENTIAL = re.compile(r"\b(?:is|are|was|were|be|been|will|would)\s+there\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?!does\b)(?:people|men|women|children|police|staff|[a-z]{3,}s)\b")
_POSSESSIVE = frozenset({"their", "theirs", "its", "his", "hers"})
_PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers"})
_WHO = re.compile(r"\W*(?:(?:by|to|for|with)\s)?(?:who|whom|whose)\b", re.IGNORECASE)
_WHICH_PERSON = re.compile(
    r"\b(?:which|what)\s(?:\w+\s)?(?:person|man|woman|artist|author|runner|engineer|name)\b|\bwhat is the name\b",
    re.IGNORECASE,
)
_WHICH_THING = re.compile(
    r"^\W*(?:(?:in|at|on|by|for)\s)?which\s(?!year|month|day|date|percent)|^\W*what\s(?:is|was)\sthe\sname\b"
    r"|^\W*what\s(?:company|firm|group|city|country|organi[sz]ation|place)\b|^\W*(?:where|name)\b",
    re.IGNORECASE,
)
_CLASS_NOUNS = (
    "company|firm|group|city|town|zone|hospital|museum|gallery|line|bank|school|university|academy|team|club|river|lake|storm|battery|"
    "plant|author|researcher|winner|director|mayor|exhibition|study|project|person|man|woman|place|country|island|building"
)
_CLASS = re.compile(rf"\bthe\s(?P<noun>{_CLASS_NOUNS})\b(?!\s(?:of|in|at|from|that|which|who)\b)", re.IGNORECASE)
_OBJECT_HER = re.compile(r"\bher\b(?=\s*(?:\?|$|,|in\b|at\b|on\b|for\b|with\b))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Use:
    """A pronoun in its place."""

    start: int
    end: int
    word: str
    sort: str


def resolve_pronouns(question: str, earlier: Earlier) -> str:
    """The question with pronouns replaced; itself where all of them find what they mean in it."""
    uses = _pointing_out(question)
    for use in reversed(uses):
        if meant := _meaning(use, earlier):
            question = question[: use.start] + _fitted(use, meant, question) + question[use.end :]
    return question if uses else _resolve_class(question, earlier)


def _pointing_out(question: str) -> list[_Use]:
    """The pronouns that mean nothing inside the question, each word once."""
    found: list[_Use] = []
    for match in _PRONOUN.finditer(question):
        sort = match.lastgroup or ""
        use = _Use(match.start(), match.end(), match[0].casefold(), sort)
        if not any(use.word == other.word for other in found) and _points_out(question, use, bool(found)):
            found.append(use)
    return found


def _points_out(question: str, use: _Use, after_another: bool) -> bool:
    before = question[: use.start]
    match use.sort:
        case "there":
            return not _EXISTENTIAL.search(question[: use.end]) and not question_names(before)
        case "then":
            closing = question.casefold().rstrip("? ").endswith(" then")
            return closing if use.word == "then" else not absolute_mentions(question)
        case "noun":
            return not question_names(before) and _is_class(use.word.split()[-1])
        case _:
            return not _is_empty(question, use) and _person_points_out(before, use, after_another)


def _is_empty(question: str, use: _Use) -> bool:
    """Whether it is the "it" of "How long does it take"."""
    return use.word == "it" and any(match.start() <= use.start < match.end() for match in _EMPTY_IT.finditer(question))


def _person_points_out(before: str, use: _Use, after_another: bool) -> bool:
    if question_names(before) or definite_before(before):
        return False
    if re.search(rf"\b{AUXILIARY}\s$", before, re.IGNORECASE):
        return True
    if use.word in {"they", "them", "their", "theirs"} and _PLURAL.search(before):
        return after_another
    return not _asked_of(before, use) or after_another


def _asked_of(before: str, use: _Use) -> bool:
    """Whether the question words themselves are what the pronoun means: "Which company sold its plant?"."""
    if re.search(r"\b(?:which|what|how many|whose)\s[a-z]", before, re.IGNORECASE):
        return shape_of(before) is None or not re.search(rf"\b{AUXILIARY}\b", before, re.IGNORECASE)
    copula = re.match(r"\W*who\s(?:is|was|are|were)\s$", before, re.IGNORECASE)
    return (
        re.match(r"\W*who\b", before, re.IGNORECASE) is not None
        and copula is None
        and use.word not in {"it", "its", "them", "him", "her"}
    )


def _meaning(use: _Use, earlier: Earlier) -> str | None:
    """What the pronoun means: the earlier answer where it names such a thing, else the earlier topic."""
    if use.sort == "then":
        return _time(earlier)
    topic = topic_of(earlier.question)
    if use.sort == "there":
        return _place(earlier) or topic
    if _asks_for_name(earlier.question, use.word) or (use.word in _PEOPLE and not topic):
        answer = earlier.answer
        if answer and isinstance(read_value(answer), Name):
            return answer
    return topic


def _asks_for_name(question: str, pronoun: str) -> bool:
    """Whether the answer to the question is the name of something that the pronoun can mean."""
    if _WHO.match(question):
        return pronoun not in {"it", "its"}
    return (_WHICH_PERSON if pronoun in _PEOPLE else _WHICH_THING).search(question) is not None


def _time(earlier: Earlier) -> str | None:
    """The period of the earlier question, else of its answer."""
    if named := absolute_mentions(earlier.question):
        return f"in {named[0].period.label()}" if named[0].period.year else named[0].span.of(earlier.question)
    answer = earlier.answer
    return f"in {answer}" if answer and isinstance(read_value(answer), When) else None


def _place(earlier: Earlier) -> str | None:
    """The earlier place with its preposition."""
    if re.match(r"\W*(?:where|(?:in|at)\swhich)\b", earlier.question, re.IGNORECASE) and (answer := earlier.answer):
        return answer if re.match(r"(?:in|at|on)\s", answer) else f"in {answer}"
    phrases = name_phrases(earlier.question)
    placed = next((one for one in phrases if one.preposition in {"in", "at", "on", "near", "inside"}), None)
    if placed:
        return f"{placed.preposition} {placed.text}"
    if _asks_for_name(earlier.question, "they") and (answer := earlier.answer) and isinstance(read_value(answer), Name):
        return f"at {answer}"
    topic = topic_of(earlier.question)
    return f"at {topic}" if topic else None


def _fitted(use: _Use, meant: str, question: str) -> str:
    """The words in the pronoun's form: possessive where it is one."""
    possessive = use.word in _POSSESSIVE or (use.word == "her" and not _OBJECT_HER.search(question))
    words = meant if use.start or meant[:1].isupper() else meant[:1].upper() + meant[1:]
    if possessive and not isinstance(read_value(words), Quantity):
        return f"{words}’" if words.endswith("s") else f"{words}'s"
    return words


def _resolve_class(question: str, earlier: Earlier) -> str:
    """Resolve "the company" where the earlier question asked for one, or named one by that word."""
    if question_names(question) or not (match := _CLASS.search(question)):
        return question
    noun = match["noun"].casefold()
    if re.search(rf"\b(?:which|what)\s(?:\w+\s)?{noun}\b", earlier.question, re.IGNORECASE):
        answer = earlier.answer
        if answer and isinstance(read_value(answer), Name):
            return question[: match.start()] + answer + question[match.end() :]
    for phrase in name_phrases(earlier.question):
        if phrase.text.casefold().endswith(f" {noun}"):
            return question[: match.start()] + phrase.text + question[match.end() :]
    return question


def _is_class(noun: str) -> bool:
    return re.fullmatch(rf"(?:{_CLASS_NOUNS})s?|companies|cities", noun, re.IGNORECASE) is not None
