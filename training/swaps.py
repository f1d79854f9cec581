"""Questions that the passage at hand no longer answers: one name, year or opposite in them is exchanged.

A reader that has only seen passages about other matters as wrong learns to find what the question asks for, and not to
check of whom and when. Such edits by rule made SQuAD 2.0's baselines of unanswerable questions (Rajpurkar et al. 2018,
section 4.3), and are what people meet in articles about several companies and years.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from qa.entities import presence, question_names

_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_MOST_YEARS = 25
_TRIES = 8
_ENOUGH = 20
"""So many names after one word, or names from anywhere are drawn."""
_PAIRS = (
    "first last", "largest smallest", "biggest smallest", "highest lowest", "oldest youngest", "oldest newest",
    "longest shortest", "before after", "north south", "northern southern", "east west", "eastern western",
    "increase decrease", "increased decreased", "rise fall", "won lost", "male female", "men women", "maximum minimum",
    "earliest latest", "most fewest", "best worst", "upper lower", "start end", "started ended", "born buried",
    "import export", "imports exports", "import exports", "mother father", "son daughter", "sons daughters",
    "brother sister", "wife husband", "buy sell", "win lose", "above below", "inside outside", "strongest weakest",
)  # fmt: skip
_OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS:
    _left, _right = _pair.split()
    _OPPOSITES.setdefault(_left, _right)
    _OPPOSITES.setdefault(_right, _left)
_OPPOSITE_WORD = re.compile(rf"\b(?:{'|'.join(_OPPOSITES)})\b")

Swap = Callable[[str, str, random.Random], str | None]


class Swaps:
    """Exchanges by rule; names come from the other questions, by the word before them: "in" is followed by places."""

    def __init__(self, questions: Iterable[str]) -> None:
        found: dict[tuple[str, int], set[str]] = defaultdict(set)
        for question in questions:
            for name in question_names(question):
                for place in (_before(question, name), ""):
                    found[place, len(name.split())].add(name)
        self._names = {key: sorted(names) for key, names in found.items()}

    def swapped(self, question: str, passage: str, rng: random.Random) -> str | None:
        """The question with one thing exchanged for what the passage does not speak of; None where nothing can be.

        What is exchanged stands in the passage (years, names) or is an opposite, so that the change shows there.
        """
        ways: list[Swap] = [self._another_name, _another_year, _the_opposite]
        for way in sorted(ways, key=lambda _: rng.random()):
            if (changed := way(question, passage, rng)) is not None:
                return changed
        return None

    def _another_name(self, question: str, passage: str, rng: random.Random) -> str | None:
        found = [name for name in question_names(question) if presence(name, passage) == 1.0]
        if not found:
            return None
        name = rng.choice(found)
        size = len(name.split())
        pool: Sequence[str] = self._names.get((_before(question, name), size), ())
        if len(pool) < _ENOUGH:
            pool = self._names.get(("", size), ())
        for _ in range(min(_TRIES, len(pool))):
            other = rng.choice(pool)
            if presence(other, passage) == 0.0 and presence(other, question) == 0.0:
                return question.replace(name, other, 1)
        return None


def _before(question: str, name: str) -> str:
    """The word before a name, in lower case."""
    words = question[: question.index(name)].split()
    return words[-1].casefold() if words else ""


def _another_year(question: str, passage: str, rng: random.Random) -> str | None:
    years = [year for year in _YEAR.findall(question) if year in passage]
    if not years:
        return None
    year = rng.choice(years)
    for _ in range(_TRIES):
        other = str(int(year) + rng.choice((-1, 1)) * rng.randint(1, _MOST_YEARS))
        if other not in passage:
            return question.replace(year, other, 1)
    return None


def _the_opposite(question: str, passage: str, rng: random.Random) -> str | None:
    found = [match for match in _OPPOSITE_WORD.finditer(question) if match[0] in passage]
    if not found:
        return None
    match = rng.choice(found)
    other = _OPPOSITES[match[0]]
    if re.search(rf"\b{other}\b", passage):
        return None
    return question[: match.start()] + other + question[match.end() :]
