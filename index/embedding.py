"""The vectors of a build: known ones are looked up, new ones made on a thread while the next documents are cut.

Cutting runs on one core and under the interpreter's lock; the encoder runs outside of it, on every core. Done one after
the other, the second core would be idle for a quarter of a build.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from index.engines.embedded import EmbeddedEngine
from index.types import Encoder, Vectors

AT_ONCE = 32
"""Texts a call of the encoder: so few that it begins soon, so many that its threads seldom wait for the last one."""


@dataclass(frozen=True, slots=True)
class _Making:
    """A vector that is being made: a row of what a call of the encoder will give."""

    call: Future[Vectors]
    row: int


class Embedding:
    """What is wanted is asked for early and taken in the same order; nothing is encoded twice."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, at_once: int = AT_ONCE) -> None:
        self._engine = engine
        self._encoder = encoder
        self._at_once = at_once
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._asked: dict[str, Vectors | _Making] = {}
        self._waiting: dict[str, None] = {}
        """Texts, in order, that are wanted but not looked for yet."""

    def want(self, texts: Sequence[str]) -> None:
        """Say what will be taken; the encoder begins once there is enough for a call."""
        self._waiting.update(dict.fromkeys(text for text in texts if text not in self._asked))
        if len(self._waiting) >= self._at_once:
            self._look()

    def take(self, texts: Sequence[str]) -> tuple[dict[str, Vectors], list[str]]:
        """The vectors (shape [dimension]) by text, and which texts are new, in order; raises what encoding them did."""
        self._waiting.update(dict.fromkeys(text for text in texts if text not in self._asked))
        self._look()
        found = {text: self._asked.pop(text) for text in dict.fromkeys(texts)}
        new = [text for text, vector in found.items() if isinstance(vector, _Making)]
        made = {
            text: vector.call.result()[vector.row] if isinstance(vector, _Making) else vector
            for text, vector in found.items()
        }
        return made, new

    def close(self) -> None:
        """Leave undone what was not begun."""
        self._thread.shutdown(cancel_futures=True)

    def _look(self) -> None:
        """Look all that is waiting up, and have the rest encoded."""
        known = self._engine.known_vectors(list(self._waiting))
        new = [text for text in self._waiting if text not in known]
        self._waiting.clear()
        self._asked.update(known)
        for start in range(0, len(new), self._at_once):
            part = new[start : start + self._at_once]
            call = self._thread.submit(self._encoder.encode, part)
            self._asked.update({text: _Making(call, row) for row, text in enumerate(part)})
