"""The names in a question, and whether an article speaks of them at all."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.types import Evidence

_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w’'&.-]*"
_RUN = re.compile(
    rf"{_CAPITALISED}(?:\s(?:(?:of|the|and|for|de|la|du|von|van)\s){{0,2}}{_CAPITALISED})*(?:\s\d{{1,3}}\b(?![.,:]\d|\s?%|\s(?:percent|million|billion|thousand)))?"
)
_POSSESSIVE = re.compile(r"(?:['’]s?)$")
_OPENERS = frozenset(
    word
    for line in (
        "a an and are as at by can could did do does for from had has have how i if in is it list name of on",
        "since tell the to under was were what when where which who whom whose why will with would",
    )
    for word in line.split()
)
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=512)
def question_names(question: str) -> tuple[str, ...]:
    """The names in a question, in order: runs of capitalised words, the first word only where it plainly is a name."""
    names = []
    for match in _RUN.finditer(question):
        words = match[0].split()
        if not question[: match.start()].strip("\"'“‘( "):
            words = _without_opener(words)
        name = _POSSESSIVE.sub("", " ".join(words)).rstrip(".")
        if len(name) > 1:
            names.append(name)
    return tuple(names)


def _without_opener(words: list[str]) -> list[str]:
    """A question's first words without the one that has its capital from its place."""
    if words[0].casefold() in _OPENERS:
        rest = words[1:]
        while rest and rest[0].casefold() in _OPENERS:
            rest = rest[1:]
        return rest
    return words if len(words) > 1 or _POSSESSIVE.search(words[0]) or words[0].isupper() else []


def presence(name: str, text: str) -> float:
    """1 where `text` has the name word for word, the share of its words that it has, halved, where it has not."""
    wanted = [word.casefold() for word in _WORD.findall(name)]
    if not wanted:
        return 1.0
    padded, present = _folded(text)
    if f" {' '.join(wanted)} " in padded:
        return 1.0
    return sum(word in present for word in wanted) / len(wanted) / 2


def names_presence(question: str, evidence: Evidence) -> tuple[float, float]:
    """Mean and least presence of the question's names in the article (in the passage, where that is all there is)."""
    names = question_names(question)
    if not names:
        return 1.0, 1.0
    passage = evidence.scored.passage
    article = evidence.document
    text = f"{article.title}\n{article.text}" if article else f"{passage.context}\n{passage.text}"
    found = [presence(name, text) for name in names]
    return sum(found) / len(found), min(found)


@lru_cache(maxsize=64)
def _folded(text: str) -> tuple[str, frozenset[str]]:
    """All words of a text in lower case, in a row with blanks around, and as a set."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return f" {' '.join(words)} ", frozenset(words)
