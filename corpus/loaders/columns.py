"""Which columns of a table of articles hold what: by setting, and where that is silent by the names people use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from corpus.errors import UsageError

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "article_text", "full_text", "fulltext", "story", "article_body"),
    "title": ("title", "headline", "heading", "subject"),
    "published": (
        "published",
        "date",
        "publication_date",
        "publish_date",
        "published_at",
        "pub_date",
        "pubdate",
        "created",
    ),
    "updated": ("updated", "modified", "updated_at", "last_modified", "date_modified"),
    "author": ("author", "authors", "byline", "creator", "writer"),
    "publisher": ("publisher", "publication", "outlet", "newspaper", "source", "site"),
    "url": ("url", "link", "address", "permalink"),
    "language": ("language", "lang"),
    "id": ("id", "article_id", "uuid", "guid"),
}
"""The usual names of each column, in lower case and with underscores; the first that a table has is taken."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns in a CSV or JSONL file, None for those that are found by their usual names."""

    text: str | None = None
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    id: str | None = None
    """Tells rows apart when rows are put in or taken out; without it they are known by their number."""

    @classmethod
    def parse(cls, spelled: str) -> Columns:
        """The columns in "text=Body,title=Head line"; raises UsageError."""
        given: dict[str, str] = {}
        for pair in spelled.split(","):
            role, _, name = pair.partition("=")
            if role.strip() not in NAMES or not name.strip():
                raise UsageError(f"columns are named as text=Body,title=Headline with {', '.join(NAMES)}; got {pair!r}")
            given[role.strip()] = name.strip()
        return cls(**given)

    @property
    def spelled(self) -> str:
        """The same as `parse` reads it; empty where nothing is set."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ",".join(f"{role}={name}" for role, name in pairs if name is not None)

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Which of a table's columns (`names`) plays which role; a role that none plays is left out."""
        there = {_plain(name): name for name in reversed(list(names))}
        found: dict[str, str] = {}
        for role, usual in NAMES.items():
            set_name = getattr(self, role)
            wanted = (set_name,) if set_name is not None else usual
            name = next((there[_plain(name)] for name in wanted if _plain(name) in there), None)
            if name is not None and name not in found.values():
                found[role] = name
        return found


DEFAULT_COLUMNS = Columns()


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
