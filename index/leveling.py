"""Bringing Milvus level with one truth or with several: only what differs is written, so a kill costs little.

A truth (an index on a disk) stays the builder's: there an article is read, cut and embedded once. Milvus then takes
over what it lacks, by the version of each article. Doing it again where it was killed writes what is still missing
and, of what is there already, nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EncoderMismatchError, UsageError
from index.engines.milvus.engine import MilvusEngine
from index.engines.milvus.opening import write_milvus
from index.engines.milvus.place import MilvusPlace
from index.store import Store
from index.stored import Stored, encoded_document, in_batches, stored_documents

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
    with ExitStack() as open_ones:
        stores = [_open(directory, open_ones) for directory in directories]
        identity = _one_encoder(stores)
        engine = open_ones.enter_context(
            write_milvus(place, encoder=identity[0], dimension=identity[1], chunker=stores[0].identity.chunker)
        )
        wanted = _compare(stores, engine, prune=prune)
        _bring_in(wanted, engine, progress)
        engine.delete(wanted.gone)
        if wanted.gone or wanted.report.passages:
            engine.publish()
        return wanted.report


def _open(directory: Path, open_ones: ExitStack) -> Store:
    store = Store(directory)
    open_ones.callback(store.close)
    return store


def _one_encoder(stores: Sequence[Store]) -> tuple[str, int]:
    first = stores[0].identity
    for store in stores:
        if (store.identity.encoder, store.identity.dimension) != (first.encoder, first.dimension):
            raise EncoderMismatchError(
                f"{stores[0].directory} was made by encoder {first.encoder}, {store.directory} by "
                f"{store.identity.encoder}: bring in those of one encoder"
            )
    return first.encoder, first.dimension


def _compare(stores: Sequence[Store], engine: MilvusEngine, *, prune: bool) -> Wanted:
    there = {row["id"]: row["version"] for row in engine.shelf.rows(["id", "version"])}
    seen: dict[str, Path] = {}
    missing: list[tuple[Store, list[Stored]]] = []
    added = updated = passages = 0
    for store in stores:
        lacking = []
        for one in stored_documents(store):
            if one.id in seen:
                raise UsageError(f"{one.source} is in {seen[one.id]} and in {store.directory}; bring in one of the two")
            seen[one.id] = store.directory
            if there.get(one.id) != one.version:
                lacking.append(one)
                added += one.id not in there
                updated += one.id in there
                passages += one.passages
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
