"""NLTK's Punkt with parameters of our own: the one place that imports nltk.

The parameters come from `training/punkt.py`. Punkt is given at most 20,000 characters at a time, because it matches
under a wall-clock limit and slows down on texts that are mostly full stops.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.spacing import trimmed
from corpus.types import Span

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

_WINDOW = 20_000
_ATTEMPTS = 3
_MARK = re.compile("[.!?]")
_SHORT = 1000
_MARK_SHARE = 0.1
"""More marks than this share of the characters are no sentences: rows of dots, tables of figures, line noise."""
_ITEM_MARK = re.compile(r"\s*\(?(?:\d{1,3}|[A-Za-z])[.)]\s*")
_INITIAL = re.compile(r"(?:[A-Z]\w+|\b[A-Z]\.)\s?[A-Z]\.\s*$")
_CAPITALISED = re.compile(r"[A-Z]\w+")
_WORD_CHARACTER = re.compile(r"\w")
_SPOKEN_END = re.compile(r"[.!?…][\"'”’»)\]]+\s*$")
_TAIL = 16


def parameters_digest() -> str:
    """Eight hex digits that change whenever the shipped parameters do."""
    return sha256(_parameters()).hexdigest()[:8]


def punkt_spans(text: str, span: Span) -> Iterator[Span]:
    """The sentences of `text` inside `span`, in order and without blanks at their ends; together they cover it all."""
    start = span.start
    while start < span.end:
        end = min(start + _WINDOW, span.end)
        found = _sentences(text[start:end])
        if end < span.end:
            # The last sentence may go on behind the window: the next window begins with it.
            found = found[:-1] or [(0, _last_blank(text, start, end) - start)]
        for first, last in found:
            if sentence := trimmed(text, start + first, start + last):
                yield sentence
        start += found[-1][1]


def _last_blank(text: str, start: int, end: int) -> int:
    """Where to cut a window that is one sentence: after its last blank, else at its end."""
    return next((position for position in range(end, start, -1) if text[position - 1].isspace()), end)


def _sentences(window: str) -> list[tuple[int, int]]:
    """The sentences of `window`, from where each begins to where the next one does."""
    starts = _starts(window)
    kept: list[tuple[int, int]] = []
    for start, end in pairwise([*starts, len(window)]):
        if kept and _belong_together(window[max(kept[-1][0], start - _TAIL) : start], window[start:end]):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def _belong_together(before: str, after: str) -> bool:
    """Whether Punkt parted one sentence: a name at its initial, an item at its number, a speaker from what was said.

    `before` is the end of the sentence before, no more than is needed to tell.
    """
    if len(before) < _TAIL and _ITEM_MARK.fullmatch(before):
        return True
    if _WORD_CHARACTER.search(after) is None:
        return True
    if after[:1].islower():
        return _SPOKEN_END.search(before) is not None
    word = _CAPITALISED.match(after)
    # "George W. Bush" was parted because a bush is also a plant; "Plan B. The rest" was rightly so.
    return word is not None and word.group().lower() not in _starters() and _INITIAL.search(before) is not None


def _starts(window: str) -> list[int]:
    """Where sentences begin in `window` according to Punkt; the first is 0."""
    marks = len(_MARK.findall(window, 0, len(window) - 1))
    if marks == 0 or (len(window) > _SHORT and marks > _MARK_SHARE * len(window)):
        return [0]
    for _ in range(_ATTEMPTS):
        try:
            return [0, *(start for start, _ in list(_tokenizer().span_tokenize(window))[1:])]
        except TimeoutError:
            # The limit is in wall-clock time: a laptop that slept in the middle has run into it.
            continue
    return [0]


@cache
def _parameters() -> bytes:
    """The shipped parameter file."""
    return files("corpus").joinpath("punkt_parameters.json").read_bytes()


@cache
def _starters() -> frozenset[str]:
    """Words that begin sentences more often than they follow an initial."""
    return frozenset(json.loads(_parameters())["sentence_starters"])


@cache
def _tokenizer() -> PunktSentenceTokenizer:
    """Punkt with the shipped parameters."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # slow; only text needs it

    shipped = json.loads(_parameters())
    parameters = PunktParameters()
    parameters.abbrev_types = set(shipped["abbreviations"])
    parameters.collocations = {(first, second) for first, second in shipped["collocations"]}
    parameters.sent_starters = set(shipped["sentence_starters"])
    # A Counter answers 0 for an unknown word; the library's defaultdict would grow with every one it is asked for.
    parameters.ortho_context = Counter(shipped["capitals"])
    tokenizer = PunktSentenceTokenizer()
    tokenizer._params = parameters
    return tokenizer
