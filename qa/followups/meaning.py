"""What a pronoun means that points at an earlier question: that question's answer, or what it was about."""

from __future__ import annotations

import re
from collections.abc import Collection

from qa.followups.phrases import name_phrases, topic_of
from qa.followups.pointing import PEOPLE, Use
from qa.followups.shape import shape_of
from qa.followups.turns import Earlier
from qa.periods.absolute import absolute_mentions
from qa.periods.types import Period
from qa.values.reading import read_value
from qa.values.types import Name, When

_WHO = re.compile(r"\W*(?:(?:by|to|for|with)\s)?(?:who|whom|whose)\b", re.IGNORECASE)
_WHICH_PERSON = re.compile(
    r"\b(?:which|what)\s(?:\w+\s)?(?:person|man|woman|artist|author|runner|engineer|name)\b|\bwhat is the name\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\W*(?:what|how (?:high|large|big|much|long))\s(?:is|was|are|were)\s(?P<what>(?:the\s|[A-Z]).+?)"
    r"(?=\s(?:in|at the end of|by|for|of)\s(?:the year\s)?[12]\d{3}|\s*(?:\?|$))"
)
_SOME = re.compile(
    r"\ban?\s[\w’'-]+(?:\s(?!(?:valid|cost|take|have|last|in|on|at|of|for|with|by|to)\b)[\w’'-]+)?", re.IGNORECASE
)
_PEOPLE_ASKED = re.compile(
    r"^\W*(?:in\s|at\s|by\s|for\s)?which\s(?:(?:two|three|four|five|six|[2-9])\s[a-z]+|[a-z]+(?:ers|eers|ists|ors))\b",
    re.IGNORECASE,
)
_WHICH_THING = re.compile(
    r"^\W*(?:(?:in|at|on|by|for)\s)?which\s(?!year|month|day|date|percent)|^\W*what\s(?:is|was)\sthe\sname\b"
    r"|^\W*what\s(?:company|firm|group|city|country|organi[sz]ation|place)\b|^\W*(?:where|name)\b",
    re.IGNORECASE,
)


def meaning_of(use: Use, earlier: Earlier, taken: Collection[str] = ()) -> str | None:
    """What the pronoun means: the earlier answer where it names such a thing, else the earlier topic.

    Another pronoun of the question has `taken` a meaning already, which is then not this one's.
    """
    topic = topic_of(earlier.question)
    match use.sort:
        case "then":
            return _time(earlier)
        case "there":
            return _place(earlier) or topic
        case "one":
            found = _SOME.search(earlier.question)
            return found[0] if found else None
        case "figure":
            return figure_of(earlier) or topic
        case _:
            return _thing(use, earlier, topic, taken)


def _thing(use: Use, earlier: Earlier, topic: str | None, taken: Collection[str]) -> str | None:
    """What "it", "they", "she" and the like mean."""
    if _asks_for_name(earlier.question, use.word) or (use.word in PEOPLE and not topic):
        answer = earlier.answer
        if answer and answer not in taken and isinstance(read_value(answer), Name):
            return answer
    if topic is None and use.word in {"they", "them", "these", "those", "their"}:
        return counted_before(earlier)
    return topic if topic not in taken else None


def figure_of(earlier: Earlier) -> str | None:
    """What the earlier question asked the size of: "the foreign trade of Xiamen", "Halvane's revenue"."""
    if match := _SIZE.match(earlier.question):
        return match["what"].rstrip()
    shape, topic = shape_of(earlier.question), topic_of(earlier.question)
    if shape is None or not topic or not shape.asked or not shape.wh.casefold().startswith(("how much", "how many")):
        return None
    return f"the {shape.asked} of {topic}"


def counted_before(earlier: Earlier) -> str | None:
    """What "how many of them" means: what the earlier question counted, of what it asked about."""
    shape, topic = shape_of(earlier.question), topic_of(earlier.question)
    if shape is None or not shape.asked or not re.match(r"\W*(?:how many|which|what)\b", shape.wh, re.IGNORECASE):
        return None
    if not topic and shape.auxiliary.casefold() in {"are", "were", "is", "was"}:
        return f"the {shape.asked} {shape.rest}"  # "the projects signed in 2021"
    return f"the {shape.asked} of {topic}" if topic else f"the {shape.asked}"


def _asks_for_name(question: str, pronoun: str) -> bool:
    """Whether the answer to the question is the name of something that the pronoun can mean."""
    if _WHO.match(question):
        return pronoun not in {"it", "its"}
    if pronoun in {"it", "its"} and _PEOPLE_ASKED.match(question):
        return False
    return (_WHICH_PERSON if pronoun in PEOPLE else _WHICH_THING).search(question) is not None


def _time(earlier: Earlier) -> str | None:
    """The period of the earlier question, else of its answer."""
    if named := absolute_mentions(earlier.question):
        return (
            _in(named[0].period, named[0].period.label())
            if named[0].period.year
            else named[0].span.of(earlier.question)
        )
    answer = earlier.answer
    value = read_value(answer) if answer else None
    return _in(value.period, answer) if answer and isinstance(value, When) else None


def _in(period: Period, words: str) -> str:
    """The period with its preposition, unless it has one."""
    if re.match(r"(?:in|on|at|since|until|by)\s", words, re.IGNORECASE):
        return words
    return f"{'on' if period.first == period.last else 'in'} {words}"


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
