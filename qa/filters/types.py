"""What an article must be to be read for a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit


class Described(Protocol):
    """What filters look at: an article, or an entry of a list of articles."""

    @property
    def source(self) -> str:
        """Where it was read."""

    @property
    def published(self) -> date | None:
        """Its day, where it names one."""

    @property
    def publisher(self) -> str | None:
        """Who published it, where it says so."""

    @property
    def url(self) -> str | None:
        """Its address on the web, where it names one."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Bounds on the articles; None sets none. An article without a date is outside of every date bound."""

    since: date | None = None
    until: date | None = None
    """The last day that is let in."""
    source: str | None = None
    """A glob (`*`, `?`, `[...]`), case ignored, over path, file name, address, its host, and publisher."""
    publisher: str | None = None
    """A name as people write it, found in the publisher or in the host of the address."""

    def __bool__(self) -> bool:
        return any(bound is not None for bound in (self.since, self.until, self.source, self.publisher))

    def admits(self, document: Described) -> bool:
        """Whether the article may be read."""
        return self._in_time(document) and self._from_source(document) and self._from_publisher(document)

    def narrowed(self, other: Filters) -> Filters:
        """Both at once: the later start, the earlier end, and of two sources the other's."""
        return Filters(
            since=max((day for day in (self.since, other.since) if day), default=None),
            until=min((day for day in (self.until, other.until) if day), default=None),
            source=other.source or self.source,
            publisher=other.publisher or self.publisher,
        )

    def _in_time(self, document: Described) -> bool:
        if self.since is None and self.until is None:
            return True
        day = document.published
        return day is not None and (self.since or day) <= day <= (self.until or day)

    def _from_source(self, document: Described) -> bool:
        if self.source is None:
            return True
        wanted = self.source.casefold()
        return any(fnmatchcase(place.casefold(), wanted) for place in _places(document))

    def _from_publisher(self, document: Described) -> bool:
        if self.publisher is None:
            return True
        wanted = squeezed(self.publisher)
        named = [document.publisher or "", _host(document.url)]
        return bool(wanted) and any(wanted in squeezed(name) for name in named)


def squeezed(name: str) -> str:
    """A name as it stands in an address: "The China Daily" and "chinadaily.com" have "chinadaily" in common."""
    words = name.casefold().split()
    return "".join(letter for word in words if word != "the" for letter in word if letter.isalnum())


def _places(document: Described) -> list[str]:
    named = [document.url, _host(document.url), document.publisher]
    return [document.source, PurePosixPath(document.source).name, *(name for name in named if name)]


def _host(url: str | None) -> str:
    try:
        return urlsplit(url).hostname or "" if url else ""
    except ValueError:
        return ""
