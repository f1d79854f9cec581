"""Questions that are question words alone: "Why?", "Since when?", "By how much?", "When was that?"."""

from __future__ import annotations

import re

from qa.followups.phrases import topic_of
from qa.followups.shape import AUXILIARY, shape_of
from qa.followups.turns import Earlier

_BARE = re.compile(
    r"(?:and|but|so|ok|okay)?,?\s*(?P<wh>(?:(?:by|in|on|at|for|from|to|with|out\sof|of|since|until|under)\s)?"
    r"(?:how\s(?:many|much|long|far|old|often|come|exactly|so)|how|whom?|what\sfor|(?:which|what)\s(?!(?:is|are|was|were|do|does|did)\b)[a-z]+|what|when|where|why)"
    r"(?:\s(?:exactly|not|then|from|to))?)"
    r"(?:\s(?:is|was|did|does|were|are)\s(?:that|this|it|so)(?:\s(?:happen|so|come about))?)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"(?:(?:and|but)\s)?(?P<wh>(?:(?:out\sof|by|for|from|in|of|to|with|on|at)\s)?how\s(?:many|much)\s(?!{AUXILIARY}\b|of\b|more\b)[a-z-]+(?:\s(?!{AUXILIARY}\b)[a-z-]+)?)",
    re.IGNORECASE,
)
_COUNTED_DO = re.compile(r"\bhow\smany\s(?:[a-z-]+s|people|men|women|children)\s[a-z]+$", re.IGNORECASE)
"""A noun and what it does, which is a question of its own: "How many fans died?"."""
_WHICH_ARE_THEY = re.compile(
    r"(?:and\s)?(?:(?:what|which|who)\sare\s(?:they|these|those)|(?:name|list)\s(?:them|these|those))", re.IGNORECASE
)
_SAYS_SO = re.compile(
    r"(?:and\s)?(?P<wh>who)\s(?P<verb>says|said|claims|reported|wrote)\s(?:so|that|this|it)", re.IGNORECASE
)
_HOW_MANY_DID = re.compile(r"\W*how\smany\s(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)
_MEANS_REASON = re.compile(r"what for|how come|what reason|how so", re.IGNORECASE)


def bare_words(question: str) -> str | None:
    """The question words, None for a question that holds more."""
    stripped = question.strip().rstrip("?!. ")
    if _WHICH_ARE_THEY.fullmatch(stripped):
        return "which ones"
    if _COUNTED_DO.search(stripped):
        return None
    match = _COUNTED.fullmatch(stripped) or _BARE.fullmatch(stripped) or _SAYS_SO.fullmatch(stripped)
    if match is None:
        return None
    words = match["wh"] if "verb" not in match.groupdict() else f"{match['wh']} {match['verb']} that"
    return re.sub(r"\s(?:exactly|then)$", "", words, flags=re.IGNORECASE)


def completed(words: str, earlier: Earlier) -> str:
    """The earlier question with these question words for its own, and its answer where those stood."""
    if _MEANS_REASON.fullmatch(words):
        words = "Why"
    words = words[:1].upper() + words[1:]
    shape = shape_of(earlier.question)
    ones = re.fullmatch(r"(?P<wh>which|what)\sones?", words, re.IGNORECASE)
    if ones and shape and not shape.asked and (topic := topic_of(earlier.question)):
        return f"What are {topic}?"
    if shape is None and (counted := _HOW_MANY_DID.match(earlier.question)):
        return f"{words} {counted['rest'].rstrip('?!. ')}?"  # "Why people died on Everest?"
    if shape is None or (ones and not shape.asked):
        return f"{words}: {earlier.question}"
    if ones:
        words, rest = f"{ones['wh'].capitalize()} {shape.asked}", shape.rest
    elif words.casefold().endswith(" that"):
        return f"{words} {_statement(earlier)}?"
    elif (_COUNTED.fullmatch(words) and words.casefold().startswith("how")) or not shape.wh:
        rest = shape.rest
    elif not shape.auxiliary:
        unknown = "someone" if shape.wh.casefold().startswith("who") else "it"
        return f"{words} was it that {earlier.answer or unknown} {shape.rest}?"
    else:
        rest = _filled(shape.rest, shape.wh, shape.asked, earlier)
    return " ".join(part for part in (words, shape.auxiliary.casefold(), rest) if part) + "?"


def _filled(rest: str, wh: str, asked: str, earlier: Earlier) -> str:
    """What follows the verb, with the earlier answer at its end where a thing was asked for, not a circumstance."""
    if re.match(r"(?:\w+\s)?(?:when|where|why|how(?!\s(?:many|much)))\b", wh, re.IGNORECASE):
        return rest
    answer = earlier.answer
    if not answer:
        return f"{rest} {asked}".strip()
    bare_number = answer[-1:].isdigit() and asked and asked.rsplit(maxsplit=1)[-1].casefold() not in answer.casefold()
    return " ".join(f"{rest} {answer} {asked if bare_number else ''}".split())


def _statement(earlier: Earlier) -> str:
    """The earlier question and its answer as something that can be said."""
    shape = shape_of(earlier.question)
    answer = earlier.answer or ""
    if shape is None or not answer:
        return earlier.question.rstrip("?")
    if not shape.auxiliary:
        return f"{answer} {shape.rest}"
    noun = f" {shape.asked}" if shape.asked and shape.asked not in answer else ""
    return f"{shape.rest} {answer}{noun}"
