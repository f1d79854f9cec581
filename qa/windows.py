"""What the reader sees: a question and a passage as word-pieces, cut into windows of a fixed length.

A window is `[CLS] question [SEP] (context) passage part [SEP]`, or the same with another family's `Frame`. Neighbouring
windows share `overlap` passage tokens, so every span of up to `overlap + 1` tokens lies whole in at least one window.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.errors import ModelError


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's word-pieces; `offsets[i]` is the half-open code-point range of token `i` in that text."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]

    def head(self, limit: int) -> Tokens:
        """The first `limit` tokens."""
        return Tokens(self.ids[:limit], self.offsets[:limit])


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """Lengths in tokens: of a whole window, of what neighbours share, of the question and of the context at most."""

    length: int = 320
    overlap: int = 96
    question: int = 64
    context: int = 0
    """Zero keeps the passage's title and heading out of the window; a model's manifest sets it."""

    def __post_init__(self) -> None:
        if min(self.length, self.question) < 1 or min(self.overlap, self.context) < 0:
            raise ValueError(f"window lengths are counts of tokens, got {self}")
        if self.length - self.question - self.context - 3 <= self.overlap:
            raise ValueError(f"windows of {self.length} tokens leave no room to move on, got {self}")


@dataclass(frozen=True, slots=True)
class Window:
    """One model input; passage token `first + i` stands at input position `position + i`, for `i < count`."""

    input_ids: NDArray[np.int64]
    token_types: NDArray[np.int64]
    position: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The special tokens around a question and its passage; position 0 of a window is the null of a span reader."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    passage_type: int = 1
    """Token type of the passage and of what follows it; all that comes before has type 0."""

    @property
    def size(self) -> int:
        """How many tokens of a window it takes."""
        return len(self.before) + len(self.between) + len(self.after)


class WordPieces:
    """A tokeniser with truncation and padding switched off: windows are cut here and nowhere else."""

    def __init__(self, tokenizer: Tokenizer, frame: Frame | None = None) -> None:
        """`frame` None is BERT's; raises ModelError for a tokeniser without its special tokens."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        # An article that writes "[SEP]" means five characters, not the end of the input.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        self._frame = frame or self._bert_frame()

    @classmethod
    def load(cls, path: Path) -> WordPieces:
        """Read a `tokenizer.json`; raises ModelError when it is none."""
        try:
            tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:
            raise ModelError(
                f"{path} is no tokeniser ({error}); expected a tokenizer.json of the BERT family"
            ) from error
        return cls(tokenizer)

    def _bert_frame(self) -> Frame:
        separator = (self._special("[SEP]"),)
        return Frame((self._special("[CLS]"),), separator, separator)

    def _special(self, token: str) -> int:
        number = self._tokenizer.token_to_id(token)
        if number is None:
            raise ModelError(f"the tokeniser has no {token}; expected one of the BERT family")
        return int(number)

    def encode(self, text: str) -> Tokens:
        """The word-pieces of `text`, special tokens not added."""
        # A question typed in a terminal may hold half a surrogate pair, which the library refuses; offsets stay.
        sound = text.encode("utf-8", "replace").decode("utf-8")
        encoding = self._tokenizer.encode(sound, add_special_tokens=False)
        return Tokens(tuple(encoding.ids), tuple(encoding.offsets))

    def windows(self, question: Tokens, passage: Tokens, context: Tokens, settings: WindowSettings) -> list[Window]:
        """All windows of a passage, in order; none for a passage without tokens."""
        asked = question.ids[: settings.question]
        shown = context.ids[: settings.context]
        frame = self._frame
        room = settings.length - len(asked) - len(shown) - frame.size
        head = (*frame.before, *asked, *frame.between)
        windows = []
        for first in window_starts(len(passage.ids), room, settings.overlap):
            part = passage.ids[first : first + room]
            ids = np.array((*head, *shown, *part, *frame.after), dtype=np.int64)
            types = np.zeros_like(ids)
            types[len(head) :] = frame.passage_type
            windows.append(Window(ids, types, len(head) + len(shown), first, len(part)))
        return windows


def window_starts(tokens: int, room: int, overlap: int) -> list[int]:
    """First token of each window of `room` over `tokens`; neighbours share `overlap`, the last reaches the end."""
    if tokens == 0:
        return []
    step = room - overlap
    more = max(0, -(-(tokens - room) // step))
    return [step * number for number in range(more + 1)]
