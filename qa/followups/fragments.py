"""Questions that only name what is different: "And in Hefei?", "What about 2020?", "And boilers?"."""

from __future__ import annotations

import re

from corpus.types import Span
from qa.entities import question_names
from qa.followups.nouns import with_noun
from qa.followups.phrases import PREPOSITION, name_phrases
from qa.followups.shape import asks_inside, shape_of
from qa.followups.shifting import shifted
from qa.periods.absolute import absolute_mentions

_LEAD = re.compile(
    r"^\W*(?:(?:and|but|or|ok|okay|so)\b,?\s*)?(?:(?:what|how)\sabout|and|but|or)\b\s*(?=\S)", re.IGNORECASE
)
_PREPOSITIONED = re.compile(rf"(?P<preposition>{PREPOSITION})\s(?P<words>.+)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"(?:the\s)?(?:last|next|this|previous|following)\s(?:year|month|week)"
    r"|the year before|(?:a|two|three) years? (?:ago|earlier|later)",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"(?:(?:and|but)\s)?(?:what|how\s(?:much|many|high|large|long|big))\s(?:is|was|were|are|will)\s"
    r"(?:it|that|they|the figure|the number)"
    r"(?:\sbe)?\s(?P<rest>(?:(?:in|for|at|by|since|until|before|after|under)\s.+|(?:the\s)?(?:last|next|previous|following)\syear|(?:the|a|two)\syears?\s(?:before|after|earlier|later)))",
    re.IGNORECASE,
)
_LONGEST = 6
"""Words; more than that is a question of its own."""


def fragment_of(question: str) -> str | None:
    """What a fragment names; None for a question with a verb of its own, or for one without the signs of a fragment."""
    stripped = question.strip().rstrip("?!. ")
    lead = _LEAD.match(stripped)
    words = stripped[lead.end() :] if lead else stripped
    if not words or len(words.split()) > _LONGEST or shape_of(words) is not None or asks_inside(words):
        return None
    if lead is None and not (question.rstrip().endswith("?") and _PREPOSITIONED.fullmatch(words)):
        return None
    return words if not re.match(r"(?:how|who|what|which|when|where|why)\b", words, re.IGNORECASE) else None


def asked_again(question: str) -> str | None:
    """What is different in a question for the earlier figure again: "in 2020" of "How much was it in 2020?"."""
    match = _AGAIN.fullmatch(question.strip().rstrip("?!. "))
    return match["rest"] if match else None


def without_lead(question: str) -> str:
    """A full question without its "And": "And who won?" is "Who won?"."""
    match = re.match(r"\W*(?:and|but|so|ok|okay)\b,?\s+(?:then\s)?(?=\S)", question, re.IGNORECASE)
    if match is None:
        return question
    rest = question[match.end() :]
    return rest[:1].upper() + rest[1:]


def substituted(earlier: str, fragment: str) -> str:
    """The earlier question with what the fragment names in the place of what it named."""
    earlier = earlier.strip().rstrip("?!. ")
    return f"{_substituted(earlier, fragment)}?"


def _substituted(earlier: str, fragment: str) -> str:
    if moved := shifted(earlier, fragment):
        return moved
    match = _PREPOSITIONED.fullmatch(fragment)
    preposition, words = (match["preposition"].casefold(), match["words"]) if match else ("", fragment)
    if absolute_mentions(words) or _RELATIVE.fullmatch(words):
        return _with_time(earlier, fragment, words)
    if question_names(f"x {words}"):
        return _with_name(earlier, preposition, words)
    return with_noun(earlier, preposition, words)


def _with_time(earlier: str, fragment: str, words: str) -> str:
    named = [mention.span for mention in absolute_mentions(earlier)]
    named += [Span(*match.span()) for match in _RELATIVE.finditer(earlier)]
    if not named:
        lead = "" if fragment != words or _RELATIVE.fullmatch(words) else "in "
        return f"{earlier} {lead}{fragment}"
    first = named[0]
    head, tail = earlier[: first.start], earlier[first.end :]
    before = re.search(rf"\b{PREPOSITION}\s(?:the\s(?:end|year)\s(?:of\s)?)?$", head, re.IGNORECASE)
    if fragment != words or (_RELATIVE.fullmatch(words) and before):
        head = head[: before.start()] if before else head
        return f"{head}{fragment}{tail}"
    if before is None and _RELATIVE.fullmatch(first.of(earlier)):
        return f"{head}in {words}{tail}"
    return f"{head}{words}{tail}"


def _with_name(earlier: str, preposition: str, words: str) -> str:
    """In the place of the name with the same preposition, else (a preposition) of the last or (none) of the first."""
    phrases = name_phrases(earlier)
    if not phrases:
        return f"{earlier} {preposition or 'for'} {words}"
    same = [one for one in phrases if preposition and one.preposition == preposition]
    chosen = same[-1] if same else phrases[-1] if preposition else phrases[0]
    article = words.split(maxsplit=1)[0].casefold() in {"the", "a", "an"}
    noun_kept = len(words.split()) == 1 and chosen.whole.end > chosen.span.end
    span = chosen.whole if article or not noun_kept else chosen.span
    return earlier[: span.start] + words + earlier[span.end :]
