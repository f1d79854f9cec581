"""A fragment that is a noun phrase, in the place of the one that it replaces: "And boilers?", "And for a new hip?"."""

from __future__ import annotations

import re

from qa.followups.phrases import topic_of
from qa.followups.shape import Shape, shape_of

_OWNED = re.compile(r"\b[A-Z][\w-]*['’]s?\s(?P<thing>[a-z][a-z -]*?)(?=\s(?:in|at|on|for|by|during)\b|$)")
_OWNER = re.compile(r"^(?:its|their|his|her)\s", re.IGNORECASE)
_UNOWNED = re.compile(r"^(?:its|their|his|her|the)\s", re.IGNORECASE)
_VERB_LAST = re.compile(r"\b(?:do|does|did|will|can)\b.*\s[a-z]+$")
_BARE_VERB = re.compile(r"[a-z]+(?<!s)")
_BEHIND = r"(?=$|[,?]|\s(?:in|on|at|of|by|for|to|from|with|during|since)\b)"
_DEFINITE = re.compile(
    r"\bthe\s(?:(?!(?:in|on|at|of|by|for|to)\b)[a-z’'-]+\s){0,2}?(?P<head>(?!(?:in|on|at|of|by|for|to)\b)[a-z’'-]+)"
    r"(?=\s(?:in|on|at|of|by|for|to|with|[a-z]+(?<!s))\b|\s*$)"
)
_PLURAL_SUBJECT = re.compile(r"(?!the\b|an?\b|people\b)(?:[a-z-]+\s){0,4}?[a-z-]{2,}(?<!s)s(?=\s[a-z]+\b)")


def with_noun(earlier: str, preposition: str, words: str) -> str:
    """In the place of the phrase with the same head noun or preposition, else of what is counted; else added."""
    if preposition:
        return _with_preposition(earlier, preposition, words)
    found = _with_owned(earlier, words)
    if found is None and _VERB_LAST.search(earlier) and _BARE_VERB.fullmatch(words):
        found = f"{earlier.rsplit(maxsplit=1)[0]} {words}"
    return found or _with_same_head(earlier, words) or _with_part(earlier, words)


def _with_owned(earlier: str, words: str) -> str | None:
    """In the place of what a name owns: "Halvane's revenue", "And its profit?"."""
    if owned := _OWNED.search(earlier):
        return f"{earlier[: owned.start('thing')]}{_UNOWNED.sub('', words)}{earlier[owned.end('thing') :]}"
    topic = topic_of(earlier) if _OWNER.match(words) else None
    return f"What is the {_OWNER.sub('', words)} of {topic}" if topic else None


def _with_same_head(earlier: str, words: str) -> str | None:
    head = words.rsplit(maxsplit=1)[-1].casefold()
    same_head = re.search(rf"\b(?:(?:the|a|an)\s)?(?:[\w’'-]+\s)?{re.escape(head)}\b", earlier, re.IGNORECASE)
    if same_head is None or same_head[0].casefold() == words.casefold():
        return None
    return earlier[: same_head.start()] + words + earlier[same_head.end() :]


def _with_part(earlier: str, words: str) -> str:
    shape = shape_of(earlier)
    found = (_with_definite(shape, words) or _with_counted(shape, words)) if shape else None
    return found or _with_subject(earlier, words)


def _with_preposition(earlier: str, preposition: str, words: str) -> str:
    """In the place of what stands behind the same preposition, names left alone; else added."""
    place = re.search(rf"\b{preposition}\s(?:(?:the|a|an)\s)?(?:[a-z’'-]+\s){{0,2}}?[a-z’'-]+{_BEHIND}", earlier)
    if place is None:
        return f"{earlier} {preposition} {words}"
    return f"{earlier[: place.start()]}{preposition} {words}{earlier[place.end() :]}"


def _with_definite(shape: Shape, words: str) -> str | None:
    """The fragment "the buses" in the place of "the trams": of the first phrase with "the" of the same number."""
    if not words.casefold().startswith("the ") or not shape.asked:
        return None
    plural = words.casefold().endswith("s")
    for match in _DEFINITE.finditer(shape.rest):
        if match["head"].endswith("s") == plural:
            rest = shape.rest[: match.start()] + words + shape.rest[match.end() :]
            return " ".join(part for part in (shape.wh, shape.auxiliary, rest) if part)
    return None


def _with_counted(shape: Shape, words: str) -> str | None:
    """In the place of what is counted or chosen from, or of a bare plural that does something."""
    wh = shape.wh.casefold()
    bare = re.sub(r"^(?:the|a|an)\s", "", words)
    if shape.asked and wh.startswith(("how many", "how much", "which", "what")):
        return " ".join(
            part for part in (shape.wh.removesuffix(shape.asked) + bare, shape.auxiliary, shape.rest) if part
        )
    subject = _PLURAL_SUBJECT.match(shape.rest)
    if subject and shape.auxiliary.casefold() in {"do", "did", "will", "can"} and bare == words:
        return f"{shape.wh} {shape.auxiliary} {words}{shape.rest[subject.end() :]}"
    return None


def _with_subject(earlier: str, words: str) -> str:
    """In the place of the first phrase with an article: "How much is a day ticket", "And a weekly ticket?"."""
    phrase = re.search(
        r"\b(?:the|a|an)\s[\w’'-]+(?:\s(?!in\b|on\b|at\b|of\b|cost\b|have\b|for\b|open\b)[\w’'-]+)?", earlier
    )
    if phrase:
        return earlier[: phrase.start()] + words + earlier[phrase.end() :]
    return f"{earlier} for {words}"
