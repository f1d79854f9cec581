"""How a question is built: its question words, its helping verb, and the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

AUXILIARY = r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n[’']t)?"
_PREPOSITION = r"(?:by|in|on|at|for|from|to|with|of|since|until|under|during|after|before|about|into|through)"
_WH = r"(?:how|who|whom|whose|what|which|when|where|why)"
_SHAPE = re.compile(
    rf"(?P<wh>(?:{_PREPOSITION}\s)?{_WH}\b(?:[’']s)?(?P<object>(?:\s(?!{AUXILIARY}\b)[^\s?]+)*?))"
    rf"\s(?P<auxiliary>{AUXILIARY})\b\s?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SUBJECT = re.compile(r"(?P<wh>(?:who|what|which|whose)\b)\s(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_YES_OR_NO = re.compile(rf"(?P<auxiliary>{AUXILIARY})\b\s(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shape:
    """The parts of a question, as written; joined by blanks they are the question without its mark."""

    wh: str
    """The question words with what they ask for: "How many people", "In which city"; empty for yes or no."""
    auxiliary: str
    """Empty where the question words are the subject themselves: "Who won the race?"."""
    rest: str

    @property
    def asked(self) -> str:
        """What is counted or chosen from: "people" of "How many people"."""
        match = re.match(
            rf"(?:{_PREPOSITION}\s)?(?:how\s(?:many|much|\w+)|what|which|whose)\s?(?:of\s)?(?P<noun>.*)", self.wh, re.I
        )
        return match["noun"] if match else ""


def shape_of(question: str) -> Shape | None:
    """The parts, None for words that are no question (keywords, a command)."""
    text = question.strip().rstrip("?!. ")
    if match := _SHAPE.match(text):
        if _is_subject(match["wh"], match["object"]):
            return Shape(text[: match.start("auxiliary")].strip(), "", text[match.start("auxiliary") :])
        return Shape(match["wh"], match["auxiliary"], match["rest"])
    if match := _YES_OR_NO.match(text):
        return Shape("", match["auxiliary"], match["rest"])
    if match := _SUBJECT.match(text):
        return Shape(match["wh"], "", match["rest"])
    return None


def asks_inside(words: str) -> bool:
    """Whether a question begins behind the first words: "In 1849 where did she live"."""
    return re.search(rf"\s{_WH}\s(?:\w+\s)?{AUXILIARY}\b", words, re.IGNORECASE) is not None


def _is_subject(wh: str, words: str) -> bool:
    """Whether the verb was met too late, inside another clause: "Who won the race that was run in May"."""
    counted = re.match(r"(?:\w+\s)?how\s(?:many|much)\b", wh, re.IGNORECASE)
    return len(words.split()) > (6 if counted else 4)
