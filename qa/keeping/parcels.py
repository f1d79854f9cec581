"""What can be carried away from the page: a name, a type and a text, which the browser saves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.keeping.markdown import conversation_markdown
from qa.keeping.printable import conversation_page
from qa.serialise import answer_to_json
from qa.types import Answer


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file to save."""

    name: str
    kind: str
    """Its media type."""
    text: str


def conversation_rows(answers: Sequence[Answer]) -> str:
    """One JSON answer a line, numbered: what `citespan verify` checks."""
    rows = (answer_to_json(answer, number) for number, answer in enumerate(answers, start=1))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


_WAYS: dict[str, tuple[str, str, Callable[[Sequence[Answer]], str]]] = {
    "markdown": ("conversation.md", "text/markdown", conversation_markdown),
    "json": ("conversation.jsonl", "application/jsonl", conversation_rows),
    "html": ("conversation.html", "text/html", conversation_page),
}


def parcel_of(answers: Sequence[Answer], way: object) -> Parcel | None:
    """Pack the conversation; None for a way that there is not, or for nothing to pack."""
    if not isinstance(way, str) or way not in _WAYS or not answers:
        return None
    name, kind, write = _WAYS[way]
    return Parcel(name, kind, write(answers))
