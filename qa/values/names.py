"""Names and their short forms: initials, the last name alone, an acronym with its expansion in the article."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.values.types import Name

_TITLES = frozenset(
    word
    for line in (
        "mr mrs ms miss mx dr prof professor sir dame lord lady president chairman chairwoman mayor judge",
        "justice captain general colonel minister chancellor king queen prince princess pope saint director",
    )
    for word in line.split()
)
_LEGAL = frozenset(
    word
    for line in ("co ltd inc corp corporation company plc llc gmbh ag sa limited incorporated group holdings",)
    for word in line.split()
)
_SMALL = frozenset(
    word for line in ("of the and for de la le du von van der den di da al el y & in on at",) for word in line.split()
)
_NO_NAMES = _SMALL | frozenset(
    word
    for line in (
        "a an one two this that these those it its he his she her they their our we some all more about over",
        "because after before when while since there here no not if as from with by to",
    )
    for word in line.split()
)
"""Words that a capital at the head of a sentence makes no name."""
_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w’'&.-]*"
_RUN = re.compile(
    rf"{_CAPITALISED}(?:\s(?:(?:of|the|and|for|de|la|le|du|von|van|der|den|di|da|al|el|&)\s){{0,2}}(?:{_CAPITALISED}|\d+))*"
)
_INITIAL = re.compile(r"[^\W\d_]\.?")
_MOST_WORDS = 12
_LAST_WORD = re.compile(r"\S+\Z")
_LONGEST = 60
"""Characters of a word looked at before another."""


def read_name(text: str) -> Name | None:
    """The one name in `text`, without titles before it and legal forms behind; None for none or several."""
    runs = [match for match in _RUN.finditer(text) if match[0].rstrip(".").casefold() not in _NO_NAMES]
    if len(runs) != 1 or len(text.split()) > _MOST_WORDS:
        return None
    words = [word.removesuffix("'s").removesuffix("’s").rstrip(",") for word in runs[0][0].split()]
    return _name(words)


def _name(words: list[str]) -> Name | None:
    while len(words) > 1 and (words[0].casefold().rstrip(".") in _TITLES or words[0].casefold() == "the"):
        words = words[1:]
    while len(words) > 1 and words[-1].casefold().rstrip(".") in _LEGAL:
        words = words[:-1]
    return Name(tuple(words)) if words and words[0] else None


@lru_cache(maxsize=8192)
def is_short_form(short: Name, full: Name) -> bool:
    """Whether `short` can stand for `full`: its last words, initials and the last name, its first word, its acronym."""
    small, large = short.key, full.key
    if small == large or len(small) > len(large):
        return False
    if len(small) == 1 and small[0] in {acronym(full), acronym(full, every=True)}:
        return True
    if small == large[-len(small) :]:
        return True
    return len(small) > 1 and small[-1] == large[-1] and _initials_fit(small[:-1], large[:-1])


def acronym(name: Name, *, every: bool = False) -> str:
    """First letters of its words, of the small ones only where `every` word counts; "" for a name of one word."""
    words = name.key if every else [word for word in name.key if word not in _SMALL]
    return "".join(word[0] for word in words if word) if len(words) > 1 else ""


def _initials_fit(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether each given name of the short form is one of the full form's, in order, or its initial."""
    rest = iter(full)
    return all(
        any(long == one or (_INITIAL.fullmatch(one) and long.startswith(one[0])) for long in rest) for one in short
    ) and any(_INITIAL.fullmatch(one) for one in short) | (len(short) < len(full))


def spelled_out(name: Name, text: str) -> Name:
    """The fuller form that `text` gives this name, where it gives just one; else the name as it is.

    "Tarrant" becomes "Imogen Tarrant", "OECD" what stands before "(OECD)" with those initials.
    """
    if len(name.words) != 1:
        return name
    found = {full.key: full for full in _fuller_forms(name.words[0], text) if is_short_form(name, full)}
    return next(iter(found.values())) if len(found) == 1 else name


def _fuller_forms(word: str, text: str) -> list[Name]:
    forms: list[Name | None] = []
    # A pattern made of a word is compiled for each word anew, which takes longer than to see that it cannot match.
    if _follows_capital(word, text):
        before = re.compile(rf"((?:{_CAPITALISED}\s){{1,3}}){re.escape(word)}\b(?!\s[A-Z])")
        forms += [_name([*match[1].split(), word]) for match in before.finditer(text)]
    if word.isupper() and len(word) > 1:
        forms += _expansions(word, text)
    longest_first = sorted((form for form in forms if form), key=lambda form: -len(form.words))
    return [form for form in longest_first if len(form.words) > 1]


def _follows_capital(word: str, text: str) -> bool:
    """Whether somewhere a word that begins with no small letter stands before `word`, one blank between."""
    at = text.find(word)
    while at >= 0:
        if at > 1 and text[at - 1].isspace():
            before = _LAST_WORD.search(text, max(0, at - 1 - _LONGEST), at - 1)
            if before and not before[0][0].islower():
                return True
        at = text.find(word, at + 1)
    return False


def _expansions(word: str, text: str) -> list[Name | None]:
    """What stands before "(OECD)", and in the brackets of "OECD (...)"."""
    forms = []
    if f"({word})" in text:
        expansion = re.compile(rf"((?:[\w’'-]+\s){{1,{2 * len(word)}}})\({re.escape(word)}\)")
        for match in expansion.finditer(text):
            words = match[1].split()
            forms += [_name(words[-count:]) for count in range(len(words), 1, -1)]
    if any(f"{word}{blank}(" in text for blank in " \n\t\u00a0"):
        opened = re.compile(rf"\b{re.escape(word)}\s\(((?:[\w’'-]+\s?){{2,{2 * len(word)}}})\)")
        forms += [_name(match[1].split()) for match in opened.finditer(text)]
    return forms
