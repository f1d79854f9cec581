"""Bringing Milvus level with one truth or with several: only what differs is written, so a kill costs little.

A truth (an index on a disk) stays the builder's: there an article is read, cut and embedded once. Milvus then takes
over what it lacks, by the version of each article. Doing it again where it was killed writes what is still missing
and, of what is there already, nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UsageError
from index.engines.milvus.engine import MilvusEngine
from index.engines.milvus.opening import write_milvus
from index.engines.milvus.place import MilvusPlace
from index.store import Store
from index.stored import Stored, encoded_document, in_batches
from index.truths import documents_of_each, of_one_encoder, opened

PASSAGES_A_BATCH = 1_000
"""A few megabytes of rows, and what a kill may cost."""

Progress = Callable[[int, int], None]
"""Is told how many passages were brought in, of how many that were missing."""


@dataclass(frozen=True, slots=True)
class LevelReport:
    """What was done, in documents."""

    added: int
    updated: int
    unchanged: int
    removed: int
    passages: int
    """Of what was added or updated."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be brought in, and what is to go."""

    missing: list[tuple[Store, list[Stored]]]
    """Of each truth."""
    gone: list[str]
    report: LevelReport


def level(
    directories: Sequence[Path],
    place: MilvusPlace,
    *,
    prune: bool = False,
    progress: Progress | None = None,
) -> LevelReport:
    """Bring the index at `place` level with the truths in `directories`, which were made by one encoder.

    With `prune`, documents that are in none of them are removed; without it everything stays. Raises UsageError for no
    directory, EncoderMismatchError, IndexUnavailableError, IndexLockedError.
    """
    if not directories:
        raise UsageError("no index was named that Milvus could be filled from")
    with opened(directories) as stores:
        made = of_one_encoder(stores)
        with write_milvus(place, encoder=made.encoder, dimension=made.dimension, chunker=made.chunker) as engine:
            wanted = _compare(stores, engine, prune=prune)
            _bring_in(wanted, engine, progress)
            engine.delete(wanted.gone)
            if wanted.gone or wanted.report.passages:
                engine.publish()
            return wanted.report


def _compare(stores: Sequence[Store], engine: MilvusEngine, *, prune: bool) -> Wanted:
    there = {row["id"]: row["version"] for row in engine.shelf.rows(["id", "version"])}
    seen: set[str] = set()
    missing: list[tuple[Store, list[Stored]]] = []
    added = updated = passages = 0
    for store, found in documents_of_each(stores):
        lacking = [one for one in found if there.get(one.id) != one.version]
        seen.update(one.id for one in found)
        added += sum(one.id not in there for one in lacking)
        updated += sum(one.id in there for one in lacking)
        passages += sum(one.passages for one in lacking)
        missing.append((store, lacking))
    gone = [key for key in there if key not in seen] if prune else []
    return Wanted(missing, gone, LevelReport(added, updated, len(seen) - added - updated, len(gone), passages))


def _bring_in(wanted: Wanted, engine: MilvusEngine, progress: Progress | None) -> None:
    done = 0
    for store, lacking in wanted.missing:
        for batch in in_batches(lacking, PASSAGES_A_BATCH):
            items = [(item, one.copies) for one in batch if (item := encoded_document(store, one.id)) is not None]
            engine.put(items)
            done += sum(one.passages for one in batch)
            if progress is not None:
                progress(done, wanted.report.passages)
