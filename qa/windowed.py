"""From passages to readings, for any model that says start and end logits of a window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.types import Passage
from qa.decoding import WindowLogits, decode
from qa.types import Reading
from qa.windows import Tokens, Window, WindowSettings, WordPieces

Said = tuple[WindowLogits, float | None]
"""What a model says of a window: its logits and, where it has such a head, the passage's relevance."""

_NO_CONTEXT = Tokens((), ())


@dataclass(frozen=True, slots=True)
class WindowedReading:
    """How passages are cut into windows and what the model says is decoded: at most `limit` candidates a passage."""

    pieces: WordPieces
    settings: WindowSettings
    limit: int

    def read(
        self, question: str, passages: Sequence[Passage], run: Callable[[Iterable[Window]], Iterator[Said]]
    ) -> list[Reading]:
        """One reading a passage, in the order given; `run` gives what the model says of each window, in order."""
        asked = self.pieces.encode(question)
        tokens = [self.pieces.encode(passage.text) for passage in passages]
        windows = [
            self.pieces.windows(asked, part, self._context(passage), self.settings)
            for passage, part in zip(passages, tokens, strict=True)
        ]
        said = run([window for group in windows for window in group])
        readings = []
        for passage, part, group in zip(passages, tokens, windows, strict=True):
            logits = [next(said) for _ in group]
            candidates = decode(passage, part, [spans for spans, _ in logits], self.limit, question)
            known = [relevance for _, relevance in logits if relevance is not None]
            readings.append(Reading(passage, candidates, max(known, default=None)))
        return readings

    def _context(self, passage: Passage) -> Tokens:
        return self.pieces.encode(passage.context) if self.settings.context and passage.context else _NO_CONTEXT
