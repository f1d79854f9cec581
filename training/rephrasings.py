"""The same question as other people put it: case, slips of the keyboard, politeness, another order of words.

Rules, not a model: each gives None where it does not apply, so that only questions which really changed are compared.
They are written for precision ("When was the mill that Ben founded built?" is left alone), and still err now and then.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.augmentation import mistype

Rephrase = Callable[[str, random.Random], str | None]

_WRAPPERS = (
    "Please tell me: {}",
    "Can you tell me, {}",
    "I would like to know: {}",
    "Quick question, {}",
    "Hi, {} Thanks",
    "According to the articles, {}",
)
_FIRST_WORD = re.compile(r"(?:In|On|At|For|By|To|From|Who|Whom|Whose|What|Which|When|Where|Why|How)\b")
_SAME_MEANING = (
    (r"How many (?=\w)", "What number of "),
    (r"How much money\b", "What amount of money"),
    (r"(?:In )?[Ww]hat year\b", "In which year"),
    (r"(?:In )?[Ww]hich year\b", "In what year"),
    (r"(?:In )?[Ww]hat (city|country|state|town)\b", r"In which \1"),
    (r"When (?=(?:was|were|did|is|are|do|does|will)\b)", "At what time "),
    (r"Where (?=(?:was|were|did|is|are|do|does|will)\b)", "In what place "),
    (r"Why (?=(?:was|were|did|is|are|do|does|will)\b)", "For what reason "),
    (r"Who (?=(?:was|is)\b)", "Which person "),
    (r"Who (?=[a-z]+ed\b)", "Which person "),
)
_FRONTED = re.compile(
    r"(?P<asked>(?:(?:in|on|at|for|by|to|from|during) )?(?:what|which|when|where|why|how)(?: [\w'-]+){0,2}?)"
    r" (?P<verb>was|were|is|are) (?P<rest>[^?]+)\??",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"[a-z]{2,}ed|built|held|made|known|born|found|given|taken|written|sold|won|lost|shot|sent|set|spoken|seen|said|put|"
    r"paid|led|left|kept|hit|grown|drawn|chosen|bought|brought|begun|struck|spent|torn|thrown|worn|cast|cut|laid|met"
)
_CALLED = {"called", "named", "known", "titled"}
_PREPOSITION = re.compile(r"in|on|at|by|to|from|of|for|with|into|out|as|after|before|during|over|under|first")
"""With what may stand before one."""
_CLAUSE = {"time", "when", "while", "was", "were", "is", "are"}
"""Words after which the rule would take a part for the whole."""
_SUBJECT = re.compile(r"(?:the|a|an|his|her|its|their|this|these)\b|[A-Z]")


def typos(count: int) -> Rephrase:
    """So many slips; None for a question without a word that is long enough."""

    def rephrase(question: str, rng: random.Random) -> str | None:
        for _ in range(count):
            slipped = next((other for _ in range(20) if (other := mistype(question, rng)) != question), None)
            if slipped is None:
                return None
            question = slipped
        return question

    return rephrase


def unmarked(question: str, rng: random.Random) -> str | None:
    """Without its question mark."""
    return question.rstrip("? ") or None


def wrapped(question: str, rng: random.Random) -> str:
    """Inside of what polite people say around it."""
    inner = question[0].lower() + question[1:] if _FIRST_WORD.match(question) else question
    return rng.choice(_WRAPPERS).format(inner)


def reworded(question: str, rng: random.Random) -> str | None:
    """The question word in other words: "How many" as "What number of"."""
    for pattern, other in _SAME_MEANING:
        found, count = re.subn(rf"^{pattern}", other, question)
        if count:
            return found
    return None


def moved(question: str, rng: random.Random) -> str | None:
    """The question word back where its answer stands: "The mill was built when?"; passives stay passive."""
    match = _FRONTED.fullmatch(question.strip())
    if match is None or not _SUBJECT.match(match["rest"]):
        return None
    asked, words = match["asked"], match["rest"].split()
    cut = _subject_length(asked.lower(), words)
    if cut is None:
        return None
    told = " ".join([*words[:cut], match["verb"], *words[cut:]])
    return f"{told[0].upper()}{told[1:]} {asked[0].lower()}{asked[1:]}?"


def _subject_length(asked: str, words: list[str]) -> int | None:
    """How many words stand before the verb in a statement; None where the rule cannot tell."""
    if not _CLAUSE.isdisjoint(words) or any(word.endswith("ing") for word in words):
        return None
    places = [place for place, word in enumerate(words) if _PARTICIPLE.fullmatch(word)]
    if not places:
        # "Where is the school?": only a bare question word can stand at the end then, and no "from" before it.
        stands_alone = asked in {"what", "where", "when"} and not _PREPOSITION.fullmatch(words[-1])
        return len(words) if stands_alone else None
    after = words[places[0] + 1 :]
    if len(places) > 1 or (after and not _PREPOSITION.fullmatch(after[0])):
        return None
    return None if asked in {"what", "how"} and words[-1] not in _CALLED else places[0]


REPHRASINGS: dict[str, Rephrase] = {
    "lower case": lambda question, rng: question.lower(),
    "upper case": lambda question, rng: question.upper(),
    "one typo": typos(1),
    "two typos": typos(2),
    "no question mark": unmarked,
    "polite wrapper": wrapped,
    "question word reworded": reworded,
    "question word moved": moved,
}
"""By the name that tables give them."""
