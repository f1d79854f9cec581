"""Pronouns that point out of their question, replaced by what the earlier question was about or was answered with."""

from __future__ import annotations

import re

from qa.entities import question_names
from qa.followups.meaning import counted_before, figure_of, meaning_of
from qa.followups.phrases import CLASS_NOUNS, name_phrases, topic_of
from qa.followups.pointing import Use, pointing_out
from qa.followups.turns import Earlier
from qa.values.reading import read_value
from qa.values.types import Name, Quantity

_CLASS = re.compile(rf"\bthe\s(?P<noun>{CLASS_NOUNS})\b(?!\s(?:of|in|at|from|that|which|who)\b)", re.IGNORECASE)
_GROWS = re.compile(
    r"\bit\s(?:grow|rise|fall|increase|decrease|decline|drop|change|shrink|improve|go (?:up|down))\b", re.IGNORECASE
)
"""Sizes do these things."""
_BARE_NOUN = re.compile(
    r"(?:what|who|how (?:much|high|large|long|old)) (?:is|are|was|were) the [a-z’'-]+\s?\??", re.IGNORECASE
)


def resolve_pronouns(question: str, earlier: Earlier) -> str:
    """The question with pronouns replaced; itself where all of them find what they mean in it."""
    uses = pointing_out(question)
    meanings: dict[Use, str] = {}
    for use in uses:
        part = use.sort == "part" or (use.word == "them" and question[: use.start].endswith("of "))
        sized = use.word == "it" and _GROWS.search(question)
        meant = (counted_before(earlier) if part else figure_of(earlier) if sized else None) or meaning_of(
            use, earlier, meanings.values()
        )
        if meant:
            meanings[use] = meant
    for use in reversed(meanings):
        question = question[: use.start] + _fitted(use, meanings[use]) + question[use.end :]
    return question if uses else _resolve_class(_resolve_bare_noun(question, earlier), earlier)


def _fitted(use: Use, meant: str) -> str:
    """The words in the pronoun's form: possessive where it is one."""
    words = meant if use.start or meant[:1].isupper() else meant[:1].upper() + meant[1:]
    if use.possessive and not isinstance(read_value(words), Quantity):
        return f"{words}’" if words.endswith("s") else f"{words}'s"
    return words


def _resolve_bare_noun(question: str, earlier: Earlier) -> str:
    """Resolve "What is the fare?": a question for nothing but one thing, which must be something's."""
    match = _BARE_NOUN.fullmatch(question.strip())
    topic = topic_of(earlier.question) if match and not question_names(question) else None
    return f"{question.strip().rstrip('?!. ')} of {topic}?" if topic else question


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
