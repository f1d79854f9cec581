"""What a pronoun can mean inside its own question: its subject, or what the question words ask for."""

from __future__ import annotations

import re

from qa.entities import question_names
from qa.followups.shape import AUXILIARY, shape_of

_SUBJECT = re.compile(
    rf"\b{AUXILIARY}\s(?!it\b|they\b|he\b|she\b|there\b|to\b|be\b|have\b|been\b|not\b)[a-z]+", re.IGNORECASE
)
"""A noun behind the helping verb, which a later "its" means."""
_OBJECTS = frozenset({"it", "them", "him", "her"})
_BEHIND_OBJECT = re.compile(
    r"\s*(?:\?|$|[.,;]|(?:in|at|on|for|from|with|by|to|since|during|after|before|over|until|last|this|next|again|now|today)\b)",
    re.IGNORECASE,
)
_NESTED = frozenset(
    word
    for line in ("that which who whom whose when if because before after while where to and or",)
    for word in line.split()
)
_DETERMINERS = frozenset({"the", "a", "an", "this", "these", "those", "its", "their", "his", "her"})
_LONGEST_SUBJECT = 6
_SAYING = re.compile(
    r"^\W*(?:who|(?:which|what)\s[a-z]+(?:\s[a-z]+)?)\s(?:said|says|claim(?:s|ed)|state[sd]|thought|thinks|believe[sd]"
    r"|announced|admitted|hope[sd]|knew|felt|feels|wishe[sd]|decided|argue[sd])\s(?:that\s)?$",
    re.IGNORECASE,
)
_SUFFERING = re.compile(
    r"^\W*(?:which|what)\s[a-z]+(?:\s[a-z]+)?\s(?:was|is|were|are|has|had|have)\s(?:\w+ly\s|best\s|most\s|not\s|been\s)*"
    r"(?:\w+(?:ed|en|ing)|known|found|made|held|won|lost|born)\b",
    re.IGNORECASE,
)


def subject_before(before: str) -> bool:
    """Whether the question has a subject of its own before the pronoun."""
    return _SUBJECT.search(before) is not None


def is_object(question: str, start: int, end: int) -> bool:
    """Whether the pronoun is the object of a clause, whose one subject it cannot mean: "When did Halvane buy it?"."""
    if question[start:end].casefold() not in _OBJECTS or not _BEHIND_OBJECT.match(question, end):
        return False
    verbs = list(re.finditer(rf"\b{AUXILIARY}\s", question[:start], re.IGNORECASE))
    words = question[verbs[-1].end() : start].casefold().split() if verbs else []
    if not 2 <= len(words) <= _LONGEST_SUBJECT or _NESTED & set(words) or words[-1] == "make":
        return False
    if question_names(question[: verbs[-1].start()]):
        return False
    return not any(word in _DETERMINERS for word in words[1:])


def asked_of(before: str, word: str, *, possessive: bool) -> bool:
    """Whether the question words themselves are what the pronoun means: "Which company sold its plant?".

    Only whose something is, or who says something, can be asked of in its own clause: in "What bothers her?" she is
    somebody else.
    """
    if not possessive:
        return word in {"he", "she", "they", "it"} and _SAYING.match(before) is not None
    if re.search(r"\b(?:which|what|how many|whose)\s[a-z]", before, re.IGNORECASE):
        by_itself = shape_of(before) is None or not re.search(rf"\b{AUXILIARY}\b", before, re.IGNORECASE)
        return by_itself or _SUFFERING.match(before) is not None
    copula = re.match(r"\W*who\s(?:\w+\s)?(?:is|was|are|were|be|been|became|becomes)\s$", before, re.IGNORECASE)
    return re.match(r"\W*who\b", before, re.IGNORECASE) is not None and copula is None
