"""What a pronoun means that points at an earlier question: that question's answer, or what it was about."""

from __future__ import annotations

import re

from qa.followups.phrases import name_phrases, topic_of
from qa.followups.pointing import PEOPLE, Use
from qa.followups.shape import shape_of
from qa.followups.turns import Earlier
from qa.periods.absolute import absolute_mentions
from qa.values.reading import read_value
from qa.values.types import Name, When

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


def meaning_of(use: Use, earlier: Earlier) -> str | None:
    """What the pronoun means: the earlier answer where it names such a thing, else the earlier topic."""
    if use.sort == "then":
        return _time(earlier)
    topic = topic_of(earlier.question)
    if use.sort == "there":
        return _place(earlier) or topic
    if _asks_for_name(earlier.question, use.word) or (use.word in PEOPLE and not topic):
        answer = earlier.answer
        if answer and isinstance(read_value(answer), Name):
            return answer
    return topic


def counted_before(earlier: Earlier) -> str | None:
    """What "how many of them" means: what the earlier question counted, of what it asked about."""
    shape, topic = shape_of(earlier.question), topic_of(earlier.question)
    if shape is None or not shape.asked or not re.match(r"\W*(?:how many|which|what)\b", shape.wh, re.IGNORECASE):
        return None
    return f"the {shape.asked} of {topic}" if topic else f"the {shape.asked}"


def _asks_for_name(question: str, pronoun: str) -> bool:
    """Whether the answer to the question is the name of something that the pronoun can mean."""
    if _WHO.match(question):
        return pronoun not in {"it", "its"}
    return (_WHICH_PERSON if pronoun in PEOPLE else _WHICH_THING).search(question) is not None


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
    if _asks_for_name(earlier.question, "they") and (answer := earlier.answer) and isinstance(read_value(answer), Name):
        return f"at {answer}"
    phrases = name_phrases(earlier.question)
    placed = next((one for one in phrases if one.preposition in {"in", "at", "on", "near", "inside"}), None)
    if placed:
        return f"{placed.preposition} {placed.text}"
    topic = topic_of(earlier.question)
    return f"at {topic}" if topic else None
