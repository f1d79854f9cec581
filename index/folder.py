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
from index.furniture import Furniture
from index.rows import Row, Rows
from index.tallies import Tally
from index.traits import RULES, Traits, TraitsDamagedError, is_whole, unpack

TRAITS = """SELECT d.id, d.key, d.source, d.published,
            t.repeated, t.site, t.edges, t.cores, t.story, t.words, t.sketch, t.seal
            FROM traits t JOIN documents d ON d.key = t.document"""
WITH_TRAITS = TRAITS.replace("FROM traits t JOIN documents d", "FROM documents d LEFT JOIN traits t")
"""The same of every document, though it may have no traits."""
_AT_ONCE = 1000
_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('traits', 'copies')"


class Folder:
    """The tables of one open truth; `counts` where this process may change it."""

    def __init__(self, rows: Rows, *, counts: bool) -> None:
        self._rows = rows
        self.furniture = Furniture(rows)
        self.tally = Tally(known=counts and self.settled())

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
        if not self._there():
            return [row[0] for row in self._rows.all("SELECT id FROM documents ORDER BY source, id")]
        sql = """SELECT d.id FROM documents d LEFT JOIN traits t ON t.document = d.key AND t.rules = ?
                 WHERE t.document IS NULL ORDER BY d.source, d.id"""
        return [row[0] for row in self._rows.all(sql, RULES)]

    def damaged(self) -> list[str]:
        """Ids of the documents whose traits are not what was kept."""
        if not self._there():
            return []
        return [row[0] for row in self._rows.each(f"{TRAITS} ORDER BY d.source, d.id") if not is_whole(_packed(row))]

    def cut(self) -> list[str]:
        """Ids of the documents that were cut without some of their lines."""
        sql = "SELECT d.id FROM traits t JOIN documents d ON d.key = t.document WHERE length(t.repeated) > 0"
        return [row[0] for row in self._rows.all(sql)]

    def traits(self, ids: Sequence[str]) -> Iterator[tuple[str, str, Traits]]:
        """Ids, sources and traits of these documents; raises TraitsDamagedError where there are none."""
        wanted = "SELECT value FROM json_each(?)"
        for start in range(0, len(ids), _AT_ONCE):
            some = json.dumps(list(ids[start : start + _AT_ONCE]))
            for row in self._rows.all(f"{WITH_TRAITS} WHERE d.id IN ({wanted})", some):
                traits = unpack(_packed(row))
                if traits is None:
                    raise TraitsDamagedError(row[2])
                yield row[0], row[2], traits

    def candidates(self, stories: Sequence[bytes] | None = None) -> Iterator[Candidate]:
        """The documents whose figures and names are those of another one too; of `stories` alone, if they are given."""
        if stories is None:
            shared = "SELECT story FROM traits GROUP BY story HAVING count(*) > 1"
            rows = self._rows.each(f"{TRAITS} WHERE t.story IN ({shared})")
        else:
            rows = (row for story in stories for row in self._rows.all(f"{TRAITS} WHERE t.story = ?", story))
        for row in rows:
            _, key, source, published, *_ = row
            if (traits := unpack(_packed(row))) is None:
                raise TraitsDamagedError(source)
            yield Candidate(key, source, date.fromisoformat(published) if published else None, traits.story)

    def _there(self) -> bool:
        return int(self._rows.one(_THERE)) == 2


def _packed(row: Row) -> list[bytes]:
    """The columns of a row of `TRAITS` that hold the traits; what SQLite gives as anything but bytes is damaged."""
    return [column for column in row[4:] if isinstance(column, bytes)]
