"""Windows `[CLS] question [SEP] passage [SEP]`, and where an answer stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's word pieces without special tokens, each with its half-open code-point range."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One model input. `first` is the passage token at position `passage_start`; `context` tokens stand before it."""

    ids: tuple[int, ...]
    passage_start: int
    first: int
    context: int = 0

    @property
    def passage_length(self) -> int:
        """The number of passage tokens (all but the closing [SEP])."""
        return len(self.ids) - self.passage_start - 1


@dataclass(frozen=True, slots=True)
class Head:
    """What every window of a passage begins with: the question's tokens, and perhaps those of a title."""

    question: Sequence[int]
    context: Sequence[int] = ()

    @property
    def length(self) -> int:
        """Its tokens with the three special ones of a window."""
        return len(self.question) + len(self.context) + 3


class WindowMaker:
    """The tokeniser with truncation and padding switched off: windows are cut here, nowhere else."""

    def __init__(self, tokenizer_file: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._cls = self._special("[CLS]")
        self._sep = self._special("[SEP]")
        self.pad = self._special("[PAD]")

    def _special(self, token: str) -> int:
        number = self.tokenizer.token_to_id(token)
        if number is None:
            raise ValueError(f"the tokeniser has no {token}; give one of the BERT family")
        return int(number)

    def encode(self, text: str) -> Encoded:
        """Word pieces and their ranges in `text`."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        return Encoded(tuple(encoding.ids), tuple(encoding.offsets))

    def encode_all(self, texts: Sequence[str]) -> list[Encoded]:
        """The same for many texts at once."""
        encodings = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [Encoded(tuple(item.ids), tuple(item.offsets)) for item in encodings]

    def window(self, head: Head, passage: Sequence[int], first: int, last: int) -> Window:
        """One window over the passage tokens first..last-1."""
        ids = (self._cls, *head.question, self._sep, *head.context, *passage[first:last], self._sep)
        return Window(ids, len(head.question) + len(head.context) + 2, first, len(head.context))

    def windows(self, head: Head, passage: Sequence[int], max_length: int, overlap: int) -> list[Window]:
        """All windows of a passage; neighbours share `overlap` tokens, and the last one ends with the text."""
        room = max_length - head.length
        if room <= overlap:
            raise ValueError(
                f"a question of {len(head.question)} tokens leaves {room} for the passage; more than {overlap} needed"
            )
        firsts = [0]
        while firsts[-1] + room < len(passage):
            firsts.append(firsts[-1] + room - overlap)
        return [self.window(head, passage, first, min(first + room, len(passage))) for first in firsts]


def token_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """First and last token (inclusive) that touch the code points start..end-1, or None."""
    touching = [place for place, (left, right) in enumerate(offsets) if left < end and right > start]
    return (touching[0], touching[-1]) if touching else None


def sentence_starts(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Token numbers that begin a sentence (roughly: this only decides where training crops begin and end)."""
    breaks = [match.end() for match in _SENTENCE_END.finditer(text)]
    starts = [0]
    place = 0
    for cut in breaks:
        while place < len(offsets) and offsets[place][0] < cut:
            place += 1
        if starts[-1] < place < len(offsets):
            starts.append(place)
    return starts
