"""Spans without blanks at their ends."""

from __future__ import annotations

from corpus.types import Span


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span `start`..`end` without the blank characters at its ends, None when it holds nothing else."""
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return Span(start + left, start + len(words.rstrip())) if left < len(words) else None
