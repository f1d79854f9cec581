"""From logits to spans: pure functions, nothing of the model and nothing of the disk.

The score of a span is `start + end` minus the null logit (`start[0] + end[0]`) of the same window: log-odds of the span
against "no answer here", so that windows and passages can be compared however many were read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.types import Passage
from qa.quoting import Loss, counted, one_quantity, prefer_fuller
from qa.types import SpanCandidate
from qa.windows import Tokens, Window
from qa.wording import has_word, tidy

Logits = NDArray[np.float32]
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*|\r[^\S\r\n]*\r\s*|\u2029\s*")
MAX_SPAN_TOKENS = 30
"""The readers are trained and measured with this cap."""


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """A window and what the model said of it; `start` and `end` have shape [length of the window]."""

    window: Window
    start: Logits
    end: Logits


def decode(
    passage: Passage, tokens: Tokens, readings: Sequence[WindowLogits], limit: int, question: str = ""
) -> tuple[SpanCandidate, ...]:
    """The best `limit` spans of a passage over all its windows, best first, none overlapping another.

    The question, where given, decides how far a number's span reaches: see `qa.quoting`.
    """
    units = counted(question)
    found = [one for reading in readings for one in _window_candidates(passage, tokens, reading, limit, units)]
    found.sort(key=lambda candidate: (-candidate.score, candidate.span))
    return without_overlaps(found)[:limit]


def without_overlaps(candidates: Sequence[SpanCandidate]) -> tuple[SpanCandidate, ...]:
    """Keep each candidate that overlaps none kept before it; the order is the caller's."""
    kept: list[SpanCandidate] = []
    for candidate in candidates:
        if not any(candidate.span.overlaps(other.span) for other in kept):
            kept.append(candidate)
    return tuple(kept)


def _window_candidates(
    passage: Passage, tokens: Tokens, reading: WindowLogits, limit: int, units: frozenset[str]
) -> list[SpanCandidate]:
    """Greedy n-best of one window: take the best span, bar every span that touches its words, repeat."""
    window = reading.window
    offsets = np.array(tokens.offsets[window.first : window.first + window.count], dtype=np.int64)
    words = np.array([has_word(passage.text[left:right]) for left, right in offsets], dtype=bool)
    inside = slice(window.position, window.position + window.count)
    scores = span_scores(reading.start[inside], reading.end[inside], words)
    bar_crossing(scores, paragraph_numbers(passage.text, offsets))
    null = float(reading.start[0]) + float(reading.end[0])
    found: list[SpanCandidate] = []
    while len(found) < limit:
        first, last = best_cell(scores)
        score = float(scores[first, last - first])
        if not np.isfinite(score):
            break
        span = tidy(passage.text, int(offsets[first, 0]), int(offsets[last, 1]))
        if span is None:
            scores[first, last - first] = -np.inf
            continue
        losses = _losses(reading, offsets, first, last)
        span = one_quantity(passage.text, prefer_fuller(passage.text, span, units, losses), losses)
        found.append(SpanCandidate(span.shift(passage.span.start), score - null))
        if len(found) == limit:
            break
        touched = (offsets[:, 0] < span.end) & (offsets[:, 1] > span.start)
        touched[first : last + 1] = True
        bar_touching(scores, touched)
    return found


def _losses(reading: WindowLogits, offsets: NDArray[np.int64], first: int, last: int) -> tuple[Loss, Loss]:
    """What the reader loses by another start than token `first`, another end than `last`; infinite between tokens."""
    inside = slice(reading.window.position, reading.window.position + reading.window.count)
    start, end = reading.start[inside], reading.end[inside]

    def at_start(place: int) -> float:
        token = np.flatnonzero(offsets[:, 0] == place)
        return float(start[first] - start[token[0]]) if len(token) else float("inf")

    def at_end(place: int) -> float:
        token = np.flatnonzero(offsets[:, 1] == place)
        return float(end[last] - end[token[-1]]) if len(token) else float("inf")

    return at_start, at_end


def span_scores(start: Logits, end: Logits, words: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Shape [tokens, cap]: cell [i, k] is `start[i] + end[i + k]`, -inf where the span ends outside or has no word."""
    size = len(start)
    cap = min(MAX_SPAN_TOKENS, size)
    padded = np.concatenate([end.astype(np.float64), np.full(cap - 1, -np.inf)])
    scores: NDArray[np.float64] = start.astype(np.float64)[:, None] + np.lib.stride_tricks.sliding_window_view(
        padded, cap
    )
    places = np.where(words, np.arange(size), size)
    next_word = np.minimum.accumulate(places[::-1])[::-1]
    lasts = np.arange(size)[:, None] + np.arange(cap)[None, :]
    scores[lasts < next_word[:, None]] = -np.inf
    return scores


def paragraph_numbers(text: str, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which paragraph each token (offsets of shape [tokens, 2]) stands in, shape [tokens]; blank lines part them."""
    ends = np.array([gap.end() for gap in _BLANK_LINE.finditer(text)], dtype=np.int64)
    numbers: NDArray[np.int64] = np.searchsorted(ends, offsets[:, 0], side="right")
    return numbers


def bar_crossing(scores: NDArray[np.float64], paragraphs: NDArray[np.int64]) -> None:
    """Set to -inf, in place, every span that begins in one paragraph and ends in another: nobody would quote it."""
    size, cap = scores.shape
    lasts = np.minimum(np.arange(size)[:, None] + np.arange(cap)[None, :], size - 1)
    scores[paragraphs[lasts] != paragraphs[:, None]] = -np.inf


def best_cell(scores: NDArray[np.float64]) -> tuple[int, int]:
    """First and last token (inclusive) of the best span; of equals the earliest and then the shortest."""
    first, extra = divmod(int(scores.argmax()), scores.shape[1])
    return first, first + extra


def bar_touching(scores: NDArray[np.float64], touched: NDArray[np.bool_]) -> None:
    """Set to -inf, in place, every span that holds a touched token."""
    size, cap = scores.shape
    before = np.concatenate([[0], np.cumsum(touched)])
    lasts = np.minimum(np.arange(size)[:, None] + np.arange(cap)[None, :] + 1, size)
    scores[before[lasts] > before[:size, None]] = -np.inf
