"""Example questions made from the collection itself, by patterns whose question is grammatical whatever they match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, zip_longest
from typing import Protocol

from corpus.types import Document
from qa.types import Answer

_START = r"(?:^|[.!?]\s+)"
_NAME = (
    r"(?!(?:It|He|She|They|This|That|We|There|Its|Their|Some|Each|Both) )"
    r"((?:[Tt]he )?[A-Z][\w’'-]+(?: (?:of |for |and )?[A-Z][\w’'-]+){0,5})"
)
_NUMBER = r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_FOUNDED = re.compile(
    rf"{_START}{_NAME}(?: \([^)]*\))? (was|were) "
    r"(founded|established|set up|launched|created|opened|built|approved) (?:in|on)\b",
    re.MULTILINE,
)
_COUNTED = re.compile(
    rf"{_START}{_NAME} (?:now |already )?has (?:more than |over |about |around |nearly )?"
    rf"{_NUMBER} ((?:[a-z-]+ )?[a-z-]+s)\b",
    re.MULTILINE,
)
_PRICED = re.compile(rf"{_START}(A (?:[a-z]+ ){{1,3}})(?:costs|will cost) [£$€¥]?\d", re.MULTILINE)
_PERSON = re.compile(
    r"\b(?!(?:Mr|Mrs|Ms|Dr) )([A-Z][a-z]+(?: [A-Z][a-z]+){1,2}), "
    r"(?:who |(?:the |an? |its |their )?(?:[a-z-]+ ){0,3}"
    r"(?:director|head|president|chair\w*|founder|manager|mayor|professor|secretary|minister|engineer|research\w*)\b)"
)
_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_COUNTED, lambda match: f"How many {match[2]} does {_inside(match[1])} have?"),
    (_PERSON, lambda match: f"Who is {match[1]}?"),
    (_FOUNDED, lambda match: f"When {match[2]} {_inside(match[1])} {match[3]}?"),
    (_PRICED, lambda match: f"How much does {_inside(match[1]).strip()} cost?"),
)
_DOCUMENTS_READ = 200
_TRIED, _SHOWN = 8, 4


class Answerer(Protocol):
    """What trying a question needs."""

    def ask(self, question: str) -> Answer:
        """Answer or abstain."""


def answered_examples(documents: Iterable[Document], answerer: Answerer) -> tuple[str, ...]:
    """Pick at most four questions that the collection answers."""
    tried = islice(candidate_questions(documents), _TRIED)
    return tuple(islice((question for question in tried if not answerer.ask(question).abstained), _SHOWN))


def candidate_questions(documents: Iterable[Document]) -> Iterator[str]:
    """Propose questions, one of each kind before the second of any."""
    texts = [document.text for document in islice(documents, _DOCUMENTS_READ)]
    kinds = [[word(match) for text in texts for match in pattern.finditer(text)] for pattern, word in _KINDS]
    in_turn = (question for round_ in zip_longest(*kinds) for question in round_ if question)
    yield from dict.fromkeys(in_turn)


def _inside(name: str) -> str:
    """Write a name as it stands inside a sentence."""
    article = re.match(r"(?:The|A) ", name)
    return name[0].lower() + name[1:] if article else name
