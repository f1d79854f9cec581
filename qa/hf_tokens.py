"""The tokeniser of any Hugging Face family, cut to what the windows need: ids, trimmed offsets and the frame of a pair.

The frame is read off a pair that the tokeniser's own post-processor put together, so that `[CLS] q [SEP] p [SEP]` and
`<s> q </s></s> p </s>` need no table of families.
"""

from __future__ import annotations

from tokenizers import Tokenizer

from corpus.errors import ModelError
from qa.windows import Frame, Tokens, WordPieces

_PROBE = "a"


class TrimmedPieces(WordPieces):
    """Offsets cover the words alone: byte-level and sentence-piece tokens count the blank before a word as theirs."""

    def encode(self, text: str) -> Tokens:
        """The pieces of `text`; one of blanks alone covers nothing."""
        tokens = super().encode(text)
        return Tokens(tokens.ids, tuple(trimmed(text, start, end) for start, end in tokens.offsets))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the blanks at its ends; all blank, the empty range at its end."""
    inside = text[start:end]
    kept = inside.strip()
    if not kept:
        return end, end
    first = start + len(inside) - len(inside.lstrip())
    return first, first + len(kept)


def pair_frame(tokenizer: Tokenizer, null: int | None) -> Frame:
    """What the tokeniser puts around a question and a passage.

    Raises ModelError where the frame does not begin with `null`, the id of [CLS]: no answer is said at position 0.
    """
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pair = tokenizer.encode(_PROBE, _PROBE)
    whose = list(pair.sequence_ids)
    if 0 not in whose or 1 not in whose:
        raise ModelError("the tokeniser puts no pairs together; expected one of an extractive QA model")
    question_end, passage_start = _last(whose, 0) + 1, whose.index(1)
    passage_end = _last(whose, 1) + 1
    before, after = tuple(pair.ids[: whose.index(0)]), tuple(pair.ids[passage_end:])
    if null is None or before[:1] != (null,):
        raise ModelError("the model's inputs do not begin with [CLS], where extractive readers say that there is none")
    return Frame(before, tuple(pair.ids[question_end:passage_start]), after, int(pair.type_ids[passage_start]))


def _last(places: list[int | None], what: int) -> int:
    return len(places) - 1 - places[::-1].index(what)
