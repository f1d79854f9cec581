"""Stand-ins for the titles that the training sets lack: the names that a text speaks of most.

The product puts an article's title and heading before each passage; a reader that never saw that in training takes
them for a part of the text.
"""

from __future__ import annotations

import re
from collections import Counter

_NAME = re.compile(r"[A-Z][\w'’-]*(?:[ ](?:(?:of|the|de|and|for)[ ])?[A-Z0-9][\w'’-]*)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*[\"'“‘(]?)\Z")
SEPARATOR = " › "
"""What the product writes between a title and a heading."""


def names(text: str, limit: int = 4) -> list[str]:
    """Capitalised runs, the most frequent and then the earliest first; those of several words count twice.

    A single capitalised word that begins a sentence is no name unless it stands elsewhere too.
    """
    counts: Counter[str] = Counter()
    for match in _NAME.finditer(text):
        name = match.group()
        if " " in name:
            counts[name] += 2
        elif len(name) > 2 and not _SENTENCE_START.search(text[max(0, match.start() - 3) : match.start()]):
            counts[name] += 1
    return [name for name, _ in counts.most_common(limit)]


def title(text: str, heading: float) -> str:
    """A title, and a heading where `heading`, uniform in [0, 1), is below a third; empty where nothing is named."""
    found = names(text)
    if len(found) > 1 and heading < 1 / 3:
        return found[0] + SEPARATOR + found[1]
    return found[0] if found else ""
