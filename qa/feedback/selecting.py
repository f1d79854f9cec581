"""From what a person marked in a browser to a span of the article."""

from __future__ import annotations

from corpus.types import Document, Span

_LONGEST = 1000
"""Characters; nobody means a whole page by an answer."""
_LOOKED_THROUGH = 50_000
"""Characters on either side: more than the page shows of an article at a time."""


def selected_span(document: Document, start: object, words: object) -> Span | None:
    """The span of `words` at or nearest to `start`, blanks around it left out; None where they do not stand there.

    A browser writes every line end as a line feed and drops NUL, so offsets may be off by those before.
    """
    if not isinstance(start, int) or not isinstance(words, str):
        return None
    wanted = words.strip()
    if not wanted or len(wanted) > _LONGEST:
        return None
    first = max(0, min(start, len(document.text)) - _LOOKED_THROUGH)
    text = document.text[first : start + _LOOKED_THROUGH]
    origins = [at for at, letter in enumerate(text) if not _dropped(text, at, letter)]
    shown = "".join("\n" if text[at] == "\r" else text[at] for at in origins)
    found = _nearest(shown, wanted, start - first + len(words) - len(words.lstrip()))
    if found is None:
        return None
    return Span(first + origins[found], first + origins[found + len(wanted) - 1] + 1)


def _dropped(text: str, at: int, letter: str) -> bool:
    """Whether a browser shows nothing of this character."""
    return letter == "\0" or (letter == "\n" and at > 0 and text[at - 1] == "\r")


def _nearest(text: str, words: str, near: int) -> int | None:
    """Where `words` begin, as near to `near` as they stand."""
    after = text.find(words, max(0, near))
    before = text.rfind(words, 0, max(0, near) + len(words))
    places = [at for at in (after, before) if at >= 0]
    return min(places, key=lambda at: abs(at - near), default=None)
