"""Reading articles out of Milvus: which version of each is the one that counts, and its text.

A row of NAME_documents is the one place where a version becomes visible. Texts are kept for a while by version, and a
version never changes, so an article that is cited by many answers is fetched once; whether it is still the one that
counts is asked each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from corpus.errors import IndexDamagedError
from corpus.types import Document, text_sha256
from index.engines.milvus.door import LONG_AT_ONCE, Door, Row
from index.engines.milvus.rows import document_from, piece_key
from index.engines.milvus.schema import Names

KEPT_CHARACTERS = 20_000_000
"""Of texts kept by one process: the articles asked for last, whatever the index holds."""
_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Which version of a document counts, and how many pieces its text is in."""

    version: str
    pieces: int


class DocumentShelf:
    """The documents behind one door. Safe to call from several threads."""

    def __init__(self, door: Door, names: Names) -> None:
        self._door = door
        self._names = names
        self._guard = Lock()
        self._kept: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._characters = 0

    def standings(self, ids: Sequence[str]) -> dict[str, Standing]:
        """The standing of those of `ids` that there are documents with."""
        rows = self._door.of_keys(self._names.documents, _plain(ids), ["version", "pieces"])
        return {key: Standing(row["version"], row["pieces"]) for key, row in rows.items()}

    def copies(self, ids: Sequence[str]) -> dict[str, str]:
        """What is on record of their copies, as JSON."""
        rows = self._door.of_keys(self._names.documents, _plain(ids), ["copies"])
        return {key: row["copies"] for key, row in rows.items()}

    def documents(self, standings: Mapping[str, Standing]) -> dict[str, Document]:
        """The documents in these versions; raises KeyError for one that was replaced meanwhile."""
        found = {key: kept for key, standing in standings.items() if (kept := self._keeping(key, standing)) is not None}
        missing = {key: standing for key, standing in standings.items() if key not in found}
        keys = {
            key: [piece_key(key, standing.version, number) for number in range(standing.pieces)]
            for key, standing in missing.items()
        }
        pieces_wanted = [piece for some in keys.values() for piece in some]
        rows = self._door.of_keys(self._names.texts, pieces_wanted, ["piece"], LONG_AT_ONCE)
        for key, pieces in keys.items():
            if any(piece not in rows for piece in pieces):
                raise KeyError(key)
            found[key] = self._checked(key, [rows[piece]["piece"] for piece in pieces])
            self._keep(key, missing[key], found[key])
        return found

    def all(self) -> Iterator[Document]:
        """All documents in order of source, those that are removed meanwhile left out."""
        rows = sorted(self._door.each(self._names.documents, ["id", "source"]), key=lambda row: row["source"])
        ids = [row["id"] for row in rows]
        for start in range(0, len(ids), _TOGETHER):
            some = ids[start : start + _TOGETHER]
            standings = self.standings(some)
            for key in some:
                if key not in standings:
                    continue
                try:
                    yield self.documents({key: standings[key]})[key]
                except KeyError:  # replaced between the two calls
                    continue

    def rows(self, fields: Sequence[str]) -> Iterator[Row]:
        """Fields of all documents' rows, in any order."""
        return self._door.each(self._names.documents, fields)

    def _keeping(self, key: str, standing: Standing) -> Document | None:
        with self._guard:
            kept = self._kept.get((key, standing.version))
            if kept is not None:
                self._kept.move_to_end((key, standing.version))
            return kept

    def _keep(self, key: str, standing: Standing, document: Document) -> None:
        with self._guard:
            if (key, standing.version) in self._kept or len(document.text) > KEPT_CHARACTERS:
                return
            self._kept[(key, standing.version)] = document
            self._characters += len(document.text)
            while self._characters > KEPT_CHARACTERS:
                _, gone = self._kept.popitem(last=False)
                self._characters -= len(gone.text)

    def _checked(self, key: str, pieces: Sequence[str]) -> Document:
        place = self._door.place
        try:
            document = document_from(pieces)
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(
                f"the article {key} in {place.name} at {place.shown} is damaged ({error}); bring it in again"
            ) from error
        if text_sha256(document.text) != document.sha256:
            raise IndexDamagedError(
                f"the text of the article {key} ({document.source}) in {place.name} at {place.shown} is not what was "
                "stored; bring it in again"
            )
        return document


def _plain(ids: Sequence[str]) -> list[str]:
    """Those of `ids` that can be a document's: what a browser sends is not put into an expression."""
    return [key for key in ids if key.isalnum() and key.isascii()]
