"""What an article tells, apart from how a paper sets it: by this, copies of one agency story are known for one.

Two things are kept of a story. Its key holds everything that must be the same: every figure in its order, every word
that turns a meaning ("rose", "not"), every name. Its sketch tells how many of its words are the same. An edited story
with another figure has another key, and no likeness of its words makes it a copy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.cleaning import blocks
from corpus.repetition import is_contact, is_passed, tells
from corpus.telling_words import AGENCY, DAY, NUMBER, TURN
from corpus.types import BlockKind, Span

STORY_VERSION = 1
"""Goes up whenever the same text would give another story."""

SKETCH = 192
"""Smallest hashes kept of a story; one of fewer shingles is kept whole."""
_SHINGLE = 4
"""Words."""
_COVERED = 0.8
"""Share of the runs of a copy's passage that the original must have for the passage to be left out."""
_SENTENCE_WORDS = 8
"""A shorter line at the head or the foot is a byline, a label, a caption: not what papers share of a story."""

_KEPT = 1 << 14
"""Words of which it is remembered what they are: a text consists for the most part of a few that come again."""

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]{0,3}$")
_DATELINE = re.compile(
    r"[A-Z][A-Z .'’/-]{2,40}(?:,[^.!?;—–-]{1,40}[.,]?)?\s?(?:\([^()]{2,40}\)\s?)?(?:--|[–—-])\s"
    r"|\([A-Z][^()]{1,30}\)\s(?:--|[–—-])\s"
)
_TOKEN = re.compile(r"[£$€¥%]|[^\W\d_]+(?:[’'][^\W\d_]+)*|\d(?:[\d.,:/-]*\d)?")
_SPLIT_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_CURRENCIES = ("£", "$", "€", "¥")
_OPENING = re.compile(r"(?:^|[.!?:…。！？]|[“\"‘«(\[])[”\"’»)\]\s]*[“\"‘«(\[]?$")


@dataclass(frozen=True, slots=True)
class Story:
    """One article's story; equal keys and alike sketches are one story."""

    key: bytes
    """16 bytes: figures, turns and names."""
    words: int
    sketch: tuple[int, ...]
    """The smallest hashes of its runs of four words, in order (64 bits each)."""


def story_of(text: str, title: str, repeated: Collection[Span] = ()) -> Story:
    """The story of an article, its furniture (`repeated` included), byline and dateline left out."""
    paragraphs = [_plain(words) for words in _paragraphs(text, repeated)]
    figures: list[str] = []
    names: set[str] = set()
    words: list[str] = []
    for paragraph in paragraphs:
        for match in _TOKEN.finditer(paragraph):
            written = match.group()
            token, figure = _word(written)
            words.append(token)
            if figure:
                figures.append(token)
            elif written[0].isupper() and _is_inside(paragraph, match.start()) and AGENCY.fullmatch(token) is None:
                names.add(token)
    headline = sorted(
        token for token in set(map(_normal, _TOKEN.findall(_plain(title)))) if _dates(token) and token not in figures
    )
    key = "\n".join((" ".join(figures), " ".join(sorted(names)), " ".join(headline)))
    return Story(hashlib.blake2b(key.encode("utf-8"), digest_size=16).digest(), len(words), _sketch(words))


def likeness(one: Story, other: Story) -> float:
    """The share of runs of four words that two stories have in common (Jaccard), estimated from their sketches.

    The smallest hashes of the union are a random sample of it (Broder 1997, "bottom-k"); exact below `SKETCH` runs.
    """
    if not one.sketch or not other.sketch:
        return 0.0
    first, second = set(one.sketch), set(other.sketch)
    sample = sorted(first | second)[:SKETCH]
    return sum(shingle in first and shingle in second for shingle in sample) / len(sample)


def adds(words: str, text: str) -> bool:
    """Whether the sentences of `words`, part of a copy, say something that `text` does not; headings do not count."""
    prose = [_tokens(line) for line in words.splitlines() if _is_prose(line)]
    own = {shingle for tokens in prose for shingle in _shingles(tokens)}
    return bool(own) and len(own & set(_shingles(_tokens(text)))) < _COVERED * len(own)


def says(text: str, words: str) -> bool:
    """Whether `text` holds these words in this order, white space, case and marks aside."""
    wanted, there = " ".join(_tokens(words)), " ".join(_tokens(text))
    return f" {wanted} " in f" {there} " if wanted else " ".join(words.split()) in " ".join(text.split())


def _tokens(text: str) -> list[str]:
    """The words of all paragraphs."""
    return [_normal(token) for line in text.splitlines() for token in _TOKEN.findall(_plain(line))]


def _paragraphs(text: str, repeated: Collection[Span]) -> Iterator[str]:
    """The paragraphs that tell the story: from its first sentence to its last, and around them those with a figure."""
    content = [
        block.span.of(text) for block in blocks(text, repeated) if block.kind in (BlockKind.BODY, BlockKind.HEADING)
    ]
    prose = [number for number, words in enumerate(content) if _is_prose(words)]
    for number, words in enumerate(content):
        if not prose or prose[0] <= number <= prose[-1] or _states_a_figure(words):
            yield words


def _states_a_figure(words: str) -> bool:
    """Whether a line outside of the prose, no date and no address, says how many."""
    return not is_passed(words) and not is_contact(words) and any(map(_dates, map(_normal, _TOKEN.findall(words))))


def _is_prose(words: str) -> bool:
    return len(words.split()) >= _SENTENCE_WORDS and _SENTENCE_END.search(words) is not None and tells(words)


def _plain(words: str) -> str:
    """The words on one line, without dateline, with thousands as "1000"."""
    line = " ".join(words.split())
    dateline = _DATELINE.match(line)
    return _SPLIT_THOUSANDS.sub("", line[dateline.end() :] if dateline else line)


@lru_cache(maxsize=_KEPT)
def _word(token: str) -> tuple[str, bool]:
    """A word in small letters, and whether it must be the same in every copy, where it stands."""
    normal = _normal(token)
    return normal, _is_figure(normal)


def _normal(token: str) -> str:
    """A word in small letters, without the mark of possession."""
    return token.casefold().replace("’", "'").removesuffix("'s")


def _is_figure(token: str) -> bool:
    return _dates(token) or TURN.fullmatch(token) is not None or token.endswith("n't") or token in _CURRENCIES


def _dates(token: str) -> bool:
    """Whether a token is a figure, a number in words, or a day."""
    return token[0].isdigit() or NUMBER.fullmatch(token) is not None or DAY.fullmatch(token) is not None


def _is_inside(paragraph: str, start: int) -> bool:
    """Whether no sentence begins with the word at `start`, so that it is a name if it is written large."""
    return start > 0 and _OPENING.search(paragraph[max(0, start - 6) : start]) is None


def _shingles(words: list[str]) -> Iterator[str]:
    if words:
        for start in range(max(1, len(words) - _SHINGLE + 1)):
            yield " ".join(words[start : start + _SHINGLE])


def _sketch(words: list[str]) -> tuple[int, ...]:
    hashes = {
        int.from_bytes(hashlib.blake2b(shingle.encode("utf-8"), digest_size=8).digest(), "little")
        for shingle in set(_shingles(words))
    }
    return tuple(sorted(hashes)[:SKETCH])
