"""One pass's windows: a fresh draw of rows, crops, typos and negatives, fixed by seed and pass number."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.augmentation import disturb
from training.config import WIKI, FeatureConfig
from training.crops import crop
from training.records import Row
from training.swaps import Swaps
from training.titles import title
from training.windows import Encoded, Head, Window, WindowMaker, sentence_starts, token_span

RELEVANT, IRRELEVANT, UNKNOWN = 1, 0, -1
"""UNKNOWN: a part of the right passage without the answer, or the right passage for a question that was changed. It
teaches spans, not relevance."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window with its targets: positions in the window, 0 for "not here"."""

    window: Window
    row: int
    start: int
    end: int
    relevance: int
    kind: str


class PassBuilder:
    """Makes the windows of one pass over encoded rows."""

    def __init__(
        self, rows: Sequence[Row], contexts: Sequence[Encoded], maker: WindowMaker, config: FeatureConfig
    ) -> None:
        self.rows, self.contexts, self.maker, self.config = rows, contexts, maker, config
        self.swaps = Swaps(row.question for row in rows if row.dataset in WIKI) if config.swap_rate else None
        self.counts: Counter[str] = Counter()

    def build(self, number: int) -> list[Labelled]:
        """All windows of pass `number`; answerless own-passage windows are thinned to the set share."""
        made = [item for place in range(len(self.rows)) for item in self._row(place, number)]
        spare = [item for item in made if item.kind == "answerless part"]
        fixed = [item for item in made if item.kind != "answerless part"]
        nulls = sum(item.start == 0 for item in fixed)
        share = self.config.answerless_share
        room = int((share * len(fixed) - nulls) / (1 - share))
        rng = random.Random(f"{self.config.seed} {number} answerless parts")
        chosen = fixed + rng.sample(spare, max(0, min(room, len(spare))))
        self.counts.update(item.kind for item in chosen)
        return chosen

    def _row(self, place: int, number: int) -> Iterator[Labelled]:
        """The windows of one row: its own passage, and perhaps a hard and a random negative."""
        row, config = self.rows[place], self.config
        rng = random.Random(f"{config.seed} {number} {row.dataset} {row.id}")
        if rng.random() >= config.shares.get(row.dataset, 0.0):
            return
        text = disturb(row.question, config.typo_rate, config.unmarked_rate, rng)
        question = self.maker.encode(text).ids[: config.max_question]
        if row.answerable:
            yield from self._answerable(place, question, rng)
            hard_rate = config.hard_rate * (1.0 if row.dataset in WIKI else 0.5)
            if row.hard and rng.random() < hard_rate:
                yield self._foreign(place, question, rng.choice(row.hard), "hard negative", rng)
            if rng.random() < config.random_rate:
                yield from self._random_negative(place, question, rng)
            if self.swaps is not None and row.dataset in WIKI and rng.random() < config.swap_rate:
                yield from self._swapped(self.swaps, place, rng)
        else:
            window = self._one(place, question, rng)
            yield Labelled(window, place, 0, 0, RELEVANT, "unanswerable")

    def _answerable(self, place: int, question: Sequence[int], rng: random.Random) -> Iterator[Labelled]:
        row, context = self.rows[place], self.contexts[place]
        span = token_span(context.offsets, row.start, row.end)
        if span is None:
            self.counts["no token touches the answer"] += 1
            return
        head = self._head(place, question, rng)
        if rng.random() < self.config.crop_rate:
            size = rng.randint(*self.config.crop_tokens)
            first, last = crop(sentence_starts(row.context, context.offsets), len(context.ids), span, size, rng)
            if last - first <= self.config.max_length - head.length:
                window = self.maker.window(head, context.ids, first, last)
                yield _label(window, place, span, "answered crop")
                return
        for window in self.maker.windows(head, context.ids, self.config.max_length, self.config.overlap):
            yield _label(window, place, span, "answered")

    def _head(self, place: int, question: Sequence[int], rng: random.Random) -> Head:
        """The question, and as often as set a title for the passage that the window shows."""
        if rng.random() >= self.config.title_rate:
            return Head(question)
        shown = title(self.rows[place].context, rng.random())
        return Head(question, self.maker.encode(shown).ids[: self.config.max_context])

    def _foreign(self, place: int, question: Sequence[int], other: int, kind: str, rng: random.Random) -> Labelled:
        return Labelled(self._one(other, question, rng), place, 0, 0, IRRELEVANT, kind)

    def _random_negative(self, place: int, question: Sequence[int], rng: random.Random) -> Iterator[Labelled]:
        """A context of another set, unless it happens to hold the answer."""
        other = rng.randrange(len(self.rows))
        same = self.rows[other].dataset == self.rows[place].dataset
        context = self.rows[other].context.lower()
        if not same and not any(gold.lower() in context for gold in self.rows[place].golds):
            yield self._foreign(place, question, other, "random negative", rng)

    def _swapped(self, swaps: Swaps, place: int, rng: random.Random) -> Iterator[Labelled]:
        """The row's own passage and a question that it does not answer for a name, a year or an opposite."""
        row = self.rows[place]
        text = swaps.swapped(row.question, row.context, rng)
        if text is not None:
            question = self.maker.encode(text).ids[: self.config.max_question]
            yield Labelled(self._one(place, question, rng), place, 0, 0, UNKNOWN, "swapped question")

    def _one(self, place: int, question: Sequence[int], rng: random.Random) -> Window:
        """One window of a context: a product-sized crop as often as for answers, so that length tells nothing."""
        context, head = self.contexts[place], self._head(place, question, rng)
        if rng.random() < self.config.crop_rate:
            size = rng.randint(*self.config.crop_tokens)
            anchor = rng.randrange(len(context.ids))
            starts = sentence_starts(self.rows[place].context, context.offsets)
            first, last = crop(starts, len(context.ids), (anchor, anchor), size, rng)
            if last - first <= self.config.max_length - head.length:
                return self.maker.window(head, context.ids, first, last)
        return rng.choice(self.maker.windows(head, context.ids, self.config.max_length, self.config.overlap))


def _label(window: Window, place: int, span: tuple[int, int], kind: str) -> Labelled:
    """Targets of a window over the right passage: the span when it is whole inside, else null."""
    last = window.first + window.passage_length
    if window.first <= span[0] and span[1] < last:
        shift = window.passage_start - window.first
        return Labelled(window, place, span[0] + shift, span[1] + shift, RELEVANT, kind)
    return Labelled(window, place, 0, 0, UNKNOWN, "answerless part")
