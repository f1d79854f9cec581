"""Collections of any size, grown by seed from real passages: text and vector of a passage are of the same making.

A document keeps to the neighbourhood of one real passage, as an article keeps to its subject. Each of its passages is
mixed of two real ones there: sentences drawn from both make the text, and the vector is the same mixture of their
vectors plus noise, brought to unit length. The noise is a sum of differences between real passages that are each
other's neighbours, so it has the directions and the spread of real meaning (independent noise in every dimension would
make all neighbours equally far, and any index look worse or better than it is). Names and numbers that the real texts
do not have are added by a power law, so that rare words keep coming as a collection grows, as they do in real ones.
Documents depend on the seed and their number alone: the collection of 10,000 passages is the beginning of that of a
million.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale_base import Base
from corpus.types import Document, Passage, Span
from index.types import EncodedDocument, Vectors

NEIGHBOURS = 24
"""Real passages that make a neighbourhood."""

LEAST, MOST = 1, 15
"""Passages of a document."""

SENTENCES = 5
"""Sentences drawn for a passage; real passages of the sets have as many."""

NOISE = 0.6
"""Length of the noise beside a mixture of length 1. With it a question's best passage of ten thousand lies as near as
that of as many real ones."""

EXPONENT = 1.35
"""Of the power law of invented names: about one new word in every three passages at a million."""

SYLLABLES = ("ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "zu", "dan", "fer", "gol", "hin", "jur", "pel")
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage in the making: the two real passages and the share of the first."""

    first: int
    second: int
    share: float


class Grower:
    """Documents number 0, 1, 2 ... of the collection with `seed`."""

    def __init__(self, base: Base, seed: int) -> None:
        self._base = base
        self._seed = seed
        self._near = _neighbours(base.passage_vectors)
        self._sentences = [SENTENCE.split(" ".join(text.split())) for text in base.passages]

    def documents(self, passages: int, start: int = 0) -> Iterator[EncodedDocument]:
        """Documents from number `start` on with so many passages in all; of the last one only what is needed."""
        left, number = passages, start
        while left > 0:
            document = self.document(number, at_most=left)
            left -= len(document.passages)
            number += 1
            yield document

    def document(self, number: int, *, version: int = 0, at_most: int = MOST) -> EncodedDocument:
        """Document `number`; another `version` has other passages under the same name."""
        chance = np.random.default_rng((self._seed, number, version))
        subject = int(chance.integers(len(self._base.passages)))
        places = [self._place(subject, chance) for _ in range(min(int(chance.integers(LEAST, MOST + 1)), at_most))]
        title = self._base.titles[subject] or " ".join(self._base.passages[subject].split()[:6])
        text, spans = _joined(title, [self._text(place, chance) for place in places])
        document = Document.create(source=f"/collection/{number:07}.txt", text=text, title=title)
        cut = tuple(Passage.of(document, span, title) for span in spans)
        return EncodedDocument(document, cut, self._vectors(places, chance))

    def _place(self, subject: int, chance: np.random.Generator) -> _Place:
        first, second = (int(self._near[subject, chance.integers(NEIGHBOURS)]) for _ in range(2))
        return _Place(first, second, float(chance.uniform(0.5, 0.9)))

    def _text(self, place: _Place, chance: np.random.Generator) -> str:
        drawn = []
        for _ in range(SENTENCES):
            home = self._sentences[place.first if chance.random() < place.share else place.second]
            drawn.append(home[int(chance.integers(len(home)))])
        one, two = (_name(int(rank)) for rank in chance.zipf(EXPONENT, 2))
        return f"{' '.join(dict.fromkeys(drawn))} {one} {two} {int(chance.integers(1, 10_000))}."

    def _vectors(self, places: list[_Place], chance: np.random.Generator) -> Vectors:
        real = self._base.passage_vectors
        first, second = ([getattr(place, side) for place in places] for side in ("first", "second"))
        share = np.array([[place.share] for place in places], dtype=np.float32)
        mixed = _unit(share * real[first] + (1 - share) * real[second])
        noise = np.zeros_like(mixed)
        for _ in range(4):
            one = chance.integers(len(real), size=len(places))
            other = self._near[one, chance.integers(1, NEIGHBOURS, size=len(places))]
            noise += chance.standard_normal((len(places), 1)).astype(np.float32) * (real[one] - real[other])
        return _unit(mixed + NOISE * _unit(noise))


def _joined(title: str, passages: list[str]) -> tuple[str, list[Span]]:
    """The text of a document, and where its passages stand in it."""
    text, spans = title, []
    for passage in passages:
        start = len(text) + 2
        text = f"{text}\n\n{passage}"
        spans.append(Span(start, len(text)))
    return text, spans


def _name(rank: int) -> str:
    """A name of its own for every rank, the longer the rarer."""
    syllables = []
    while rank > 0:
        rank, place = divmod(rank, len(SYLLABLES))
        syllables.append(SYLLABLES[place])
    return "".join(syllables)[:60].capitalize()


def _neighbours(vectors: Vectors) -> NDArray[np.int64]:
    """For each row the rows nearest to it, itself first; shape [n, NEIGHBOURS]."""
    found = np.empty((len(vectors), NEIGHBOURS), dtype=np.int64)
    for start in range(0, len(vectors), 1024):
        scores = vectors[start : start + 1024] @ vectors.T
        found[start : start + 1024] = np.argsort(-scores, axis=1)[:, :NEIGHBOURS]
    return found


def _unit(rows: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, np.float32(1e-9)), dtype=np.float32)
