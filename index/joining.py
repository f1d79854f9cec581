"""Joining shards into an index in a folder: documents come over as they are stored, with their vectors.

It is a build whose articles were read and embedded elsewhere: it writes by the same batches, under the same lock, and
looks at the folder as a whole in the end. Killed half-way, it is done again and brings in what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import EncoderMismatchError, UsageError
from corpus.settings import ChunkSettings
from index.batch import Batch
from index.builder import writing
from index.commits import Change
from index.encoder import open_encoder
from index.engines.embedded import EmbeddedEngine
from index.join_plan import Plan, Share, planned
from index.late_encoder import LateEncoder, Opener
from index.settling import settle
from index.store import Store
from index.stored import Stored, encoded_document, in_batches
from index.traits import Traits, TraitsDamagedError, traits_of
from index.truths import of_one_encoder, opened
from index.types import EncodedDocument

PASSAGES_A_BATCH = 1_000
"""A few megabytes of rows, and what a kill may cost."""

Progress = Callable[[int, int], None]
"""Is told how many passages were brought in, of how many that were missing."""


@dataclass(frozen=True, slots=True)
class JoinReport:
    """What was done, in documents and passages."""

    added: int
    updated: int
    unchanged: int
    removed: int
    passages: int
    """Of what was added or updated."""
    recut: int
    """Documents cut anew: lines of them repeat across the shards and not within one, or the other way round."""
    embedded: int
    """Passages of those whose words no shard had embedded."""
    generation: int


def join(
    directories: Sequence[Path],
    directory: Path | str,
    *,
    prune: bool = False,
    settings: ChunkSettings | None = None,
    opener: Opener = open_encoder,
    progress: Progress | None = None,
) -> JoinReport:
    """Bring the index at `directory`, made where there is none, level with the truths in `directories`.

    With `prune`, documents that are in none of them are removed; without it everything stays. The encoder that made
    them is opened only if documents have to be cut anew. Raises UsageError for no directory or one that is joined into
    itself, EncoderMismatchError for another encoder or chunker, IndexUnavailableError, IndexLockedError, StorageError.
    """
    directory = Path(directory)
    settings = settings or ChunkSettings()
    if not directories:
        raise UsageError("no index was named that another one could be filled from")
    if directory.resolve() in {other.resolve() for other in directories}:
        raise UsageError(f"{directory} is one of the shards: name another folder for the index")
    with opened(directories) as stores:
        made = of_one_encoder(stores)
        for store in stores:
            _check_cut(store.identity.chunker, settings, f"the shard at {store.directory}", "`citespan embed` it again")
        encoder = LateEncoder(made.encoder, made.dimension, opener)
        with (
            writing(directory, encoder, settings) as engine,
            closing(Batch(engine, encoder, settings)) as batch,
            opened([directory]) as (target,),
        ):
            cure = "`citespan build` cuts it anew"
            _check_cut(engine.identity.chunker, settings, f"the index at {directory}", cure)
            plan = planned(stores, target, prune=prune)
            _bring_in(plan, engine, progress)
            engine.delete(plan.gone)
            recut = settle(engine, batch)
            if recut:
                engine.drop_waiting()
            engine.publish()
            return _report(plan, engine, len(recut), batch.embedded)


def _report(plan: Plan, engine: EmbeddedEngine, recut: int, embedded: int) -> JoinReport:
    return JoinReport(
        added=plan.added,
        updated=plan.updated,
        unchanged=plan.unchanged,
        removed=len(plan.gone),
        passages=plan.passages,
        recut=recut,
        embedded=embedded,
        generation=engine.generation(),
    )


def _check_cut(chunker: str, settings: ChunkSettings, what: str, cure: str) -> None:
    if chunker != settings.fingerprint:
        raise EncoderMismatchError(f"{what} was cut by {chunker}, not {settings.fingerprint}: {cure}")


def _bring_in(plan: Plan, engine: EmbeddedEngine, progress: Progress | None) -> None:
    done = 0
    for share in plan.shares:
        if share.unsure:
            engine.remember(share.unsure)
        lacking = frozenset(share.store.folder.lacking()) if share.lacking else frozenset()
        for batch in in_batches(share.lacking, PASSAGES_A_BATCH):
            engine.change(_change(share, batch, lacking), soon=True)
            done += sum(one.passages for one in batch)
            if progress is not None:
                progress(done, plan.passages)
        if share.touched:
            engine.remember(share.touched)


def _change(share: Share, batch: Sequence[Stored], lacking: frozenset[str]) -> Change:
    """The documents of `batch` that are still in the shard, with what is remembered of their files."""
    items = [item for one in batch if (item := encoded_document(share.store, one.id)) is not None]
    files = [share.records[one.id] for one in batch if one.id in share.records]
    return Change([_with_traits(share.store, item, lacking) for item in items], files=files)


def _with_traits(store: Store, item: EncodedDocument, lacking: frozenset[str]) -> EncodedDocument:
    return replace(item, traits=_traits(store, item, lacking))


def _traits(store: Store, item: EncodedDocument, lacking: frozenset[str]) -> Traits:
    """As the shard has them, made again where it is among those `lacking` them; raises IndexDamagedError."""
    document = item.document
    if document.id in lacking:
        return traits_of(document, store.folder.repeated(document.id))
    try:
        return next(traits for _, _, traits in store.folder.traits([document.id]))
    except TraitsDamagedError as error:
        raise store.rows.damaged_document("the traits", document.id, document.source) from error
