"""What the truth keeps of the folder as a whole: every article's traits, and which articles are copies of one story.

Both tables are made from the documents and may be missing or behind: an index of before has none, and a build that was
killed leaves them for the next one. A row belongs to a key of `documents`, which is never used twice, so a row that is
left over matches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from corpus.types import Span
from index.copies import Candidate
from index.folder_tables import SETTLED
from index.rows import Row, Rows
from index.traits import RULES, Traits, is_whole, unpack

TRAITS = """SELECT d.id, d.key, d.source, d.published,
            t.repeated, t.site, t.edges, t.cores, t.story, t.words, t.sketch, t.seal
            FROM traits t JOIN documents d ON d.key = t.document"""
_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('traits', 'copies')"


class Folder:
    """The two tables of one open truth."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def repeated(self, document_id: str) -> tuple[Span, ...]:
        """The lines that the document was cut without, because they stand in many."""
        if not self._there():
            return ()
        rows = self._rows.all(f"{TRAITS} WHERE d.id = ?", document_id)
        traits = unpack(_packed(rows[0])) if rows else None
        return traits.repeated if traits is not None else ()

    def copies(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For those of `ids` that have copies, the ids of all of them, itself included, the original first."""
        if not self._there():
            return {}
        sql = """SELECT d.id, c.original, o.id FROM documents d JOIN copies c ON c.document = d.key
                 JOIN copies p ON p.original = c.original JOIN documents o ON o.key = p.document
                 WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id, o.key <> c.original, o.source, o.id"""
        found: dict[str, list[str]] = {}
        for document_id, _, other in self._rows.all(sql, json.dumps(list(ids))):
            found.setdefault(document_id, []).append(other)
        return {document_id: tuple(others) for document_id, others in found.items() if len(others) > 1}

    def settled(self) -> bool:
        """Whether the tables are level with the documents."""
        found = self._rows.all("SELECT value FROM meta WHERE name = ?", SETTLED)
        generation = self._rows.one("SELECT value FROM meta WHERE name = 'generation'")
        return bool(found) and found[0][0] == f"{RULES}@{generation}"

    def copied(self) -> int:
        """How many documents are copies of another one that is kept in their place."""
        if not self._there():
            return 0
        sql = """SELECT count(*) - count(DISTINCT c.original) FROM copies c JOIN documents d ON d.key = c.document"""
        return int(self._rows.one(sql))

    def lacking(self) -> list[str]:
        """Ids of the documents whose traits are missing or of other rules, in order of source."""
        sql = """SELECT d.id FROM documents d LEFT JOIN traits t ON t.document = d.key AND t.rules = ?
                 WHERE t.document IS NULL ORDER BY d.source, d.id"""
        return [row[0] for row in self._rows.all(sql, RULES)]

    def damaged(self) -> list[str]:
        """Ids of the documents whose traits are not what was kept."""
        if not self._there():
            return []
        return [row[0] for row in self._rows.each(f"{TRAITS} ORDER BY d.source, d.id") if not is_whole(_packed(row))]

    def packed(self) -> Iterator[tuple[str, list[bytes]]]:
        """All documents' ids with their traits as they are kept; those that are damaged are left out."""
        for row in self._rows.each(TRAITS):
            if is_whole(columns := _packed(row)):
                yield row[0], columns

    def traits(self, ids: Sequence[str]) -> Iterator[tuple[str, Traits]]:
        """The traits of these documents, in order of source; those that are damaged are left out."""
        wanted = "SELECT value FROM json_each(?)"
        for row in self._rows.each(f"{TRAITS} WHERE d.id IN ({wanted}) ORDER BY d.source, d.id", json.dumps(list(ids))):
            if (traits := unpack(_packed(row))) is not None:
                yield row[0], traits

    def candidates(self) -> Iterator[Candidate]:
        """The documents whose figures and names are those of another one too, in order of source."""
        shared = "SELECT story FROM traits GROUP BY story HAVING count(*) > 1"
        for row in self._rows.each(f"{TRAITS} WHERE t.story IN ({shared}) ORDER BY d.source, d.id"):
            _, key, source, published, *_ = row
            if (traits := unpack(_packed(row))) is not None:
                yield Candidate(key, source, date.fromisoformat(published) if published else None, traits.story)

    def groups(self) -> list[list[int]]:
        """The copies on record: keys, the original's first."""
        found: dict[int, list[int]] = {}
        for document, original in self._rows.all("SELECT document, original FROM copies ORDER BY original, document"):
            found.setdefault(original, [original])
            if document != original:
                found[original].append(document)
        return sorted([key, *sorted(others)] for key, *others in found.values())

    def _there(self) -> bool:
        return int(self._rows.one(_THERE)) == 2


def _packed(row: Row) -> list[bytes]:
    """The columns of a row of `TRAITS` that hold the traits; what SQLite gives as anything but bytes is damaged."""
    return [column for column in row[4:] if isinstance(column, bytes)]
