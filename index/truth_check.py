"""Reading the whole truth through: its structure, its references, every hash and every seal."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import IndexDamagedError
from index.rows import Row
from index.seals import facts_seal
from index.store import Store, document_flaw
from index.types import Damage

DOCUMENTS = """SELECT key, id, title, CAST(text AS BLOB), source, published, sha256, publisher, url, passages, seal,
                      details FROM documents"""
PASSAGES = """SELECT p.id, p."start", p."end", p.context, p.seal, v.input, v.seal, v.vector
              FROM passages p LEFT JOIN vectors v ON v.key = p.key WHERE p.document = ? ORDER BY p.key"""

REPORTED = 20
"""Faults of SQLite's own structure that are listed; there may be thousands, of one cause."""


def truth_damage(store: Store) -> Iterator[Damage]:
    """What is damaged, one entry a document; where SQLite's own structure is, nothing else is looked at."""
    try:
        structure = list(structure_damage(store))
        yield from structure
        if not structure:
            yield from _dangling(store)
            for row in store.rows.each(f"{DOCUMENTS} ORDER BY key"):
                yield from _document(store, row)
            for document_id in store.folder.damaged():
                source = store.rows.one("SELECT source FROM documents WHERE id = ?", document_id)
                yield Damage("truth", "its traits are not what was stored", document=document_id, source=source)
    except IndexDamagedError as error:
        yield Damage("truth", str(error))


def structure_damage(store: Store) -> Iterator[Damage]:
    """What SQLite itself finds wrong with its pages and its indexes."""
    for (found,) in store.rows.all(f"PRAGMA integrity_check({REPORTED})"):
        if found != "ok":
            yield Damage("truth", f"SQLite: {' '.join(str(found).split())}")


def _dangling(store: Store) -> Iterator[Damage]:
    """Rows that point at rows which are not there, and generations that were never reached."""
    for table, count in store.rows.all('SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY "table"'):
        yield Damage("truth", f"{count} rows of {table} belong to nothing")
    reached = store.generation()
    beyond = store.rows.one("SELECT count(*) FROM passages WHERE generation > ?", reached)
    if beyond:
        yield Damage("truth", f"{beyond} passages are of a generation after {reached}, the last")


def is_whole(store: Store, document_id: str) -> bool:
    """Whether there is a document with this id whose row, passages and vectors are all what was stored."""
    rows = store.rows.all(f"{DOCUMENTS} WHERE id = ?", document_id)
    return bool(rows) and not _flaws(store, rows[0])


def _document(store: Store, row: Row) -> Iterator[Damage]:
    flaws = _flaws(store, row)
    if flaws:
        more = f", and {len(flaws) - 1} more" if len(flaws) > 1 else ""
        yield Damage("truth", f"{flaws[0]} is not what was stored{more}", document=row[1], source=row[4])


def _flaws(store: Store, row: Row) -> list[str]:
    """What of a document (columns of `DOCUMENTS`), its passages and their vectors is not as it was stored."""
    key, *columns = row
    document_id, expected = columns[0], columns[8]
    flaws = [flaw] if (flaw := document_flaw(tuple(columns))) else []
    passages = store.rows.all(PASSAGES, key)
    if len(passages) != expected:
        flaws.append(f"one of its passages ({len(passages)} of {expected} are there)")
    flaws.extend(flaw for passage in passages if (flaw := _passage_flaw(store, document_id, passage)))
    return flaws


def _passage_flaw(store: Store, document_id: str, row: Row) -> str | None:
    passage_id, start, end, context, seal, *vector = row
    if facts_seal(passage_id, document_id, start, end, context) != seal:
        return f"passage {passage_id}"
    if vector[0] is None or not store.vectors.is_whole(vector):
        return f"the vector of passage {passage_id}"
    return None
