"""Whether a question asks for several things, and how many."""

from __future__ import annotations

import re

from qa.values.numerals import read_numeral

_COUNTED = re.compile(
    r"\b(?:which|what|name|list|who)\s(?:(?:are|were|is|was)\s)?(?:the\s|all\s)*(?P<count>two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|[2-9]|1\d)\s[a-z]",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"^\W*(?:(?:name|list)\b|(?:which|what)\s(?:are|were)\s(?:the|its|their|some)\s(?:[\w’'-]+\s){0,3}?[a-z’-]{2,}(?<!s)s\b"
    r"|(?:which|what)\s(?:[a-z’-]{2,}(?<!s)s|people|men|women|children)\s"
    r"|(?:which|what)\s(?:(?!are\b|is\b)[a-z’-]+\s){1,2}?(?:[a-z’-]{2,}(?<!s)s|people|men|women|children)\s(?:are|were|do|did|have|can|will)\b"
    r"|(?:which|what)\s(?:(?!are\b|is\b)[a-z’-]+\s){0,2}?(?:[a-z’-]{2,}(?<!s)s|people|men|women|children)\s"
    r"(?:(?!used\b)[a-z]+ed|chose|won|made|took|built|got|gave|left|came|went|ran|held|grew|sold|bought|led|met)\s)",
    re.IGNORECASE,
)
_NOT_THINGS = re.compile(r"^\W*(?:which|what)\s(?:does|is|was|has|years|percent|news)\b", re.IGNORECASE)


def items_wanted(question: str) -> int | None:
    """How many things are asked for, 0 where several but not how many; None where one thing is asked for."""
    if match := _COUNTED.search(question):
        numeral = read_numeral(match["count"])
        return int(numeral.amount) if numeral else 0
    if _NOT_THINGS.match(question):
        return None
    return 0 if _PLURAL.search(question) else None
