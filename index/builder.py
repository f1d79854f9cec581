"""Bringing an index level with folders of articles: only what changed is read and embedded, in committed batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus.discovery import Discovery, discover
from corpus.errors import IndexUnavailableError
from corpus.loaders.apart import Reader
from corpus.loaders.columns import DEFAULT_COLUMNS, Columns
from corpus.loaders.load import source_of
from corpus.settings import ChunkSettings
from index.engines.embedded import EmbeddedEngine, open_for_writing
from index.failures import storage_errors
from index.layout import LOCK, TRUTH, WRITER
from index.lock import PATIENCE, WriterLock
from index.schema import check_encoder, create_truth, holds_tables
from index.scope import gone_anywhere, gone_below, outside
from index.shards import Shard
from index.types import BuildProgress, BuildReport, Encoder
from index.work import Announce, Work

Progress = Callable[[BuildProgress], None]


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """How a build cuts and what it clears away."""

    passages: ChunkSettings = field(default_factory=ChunkSettings)
    prune: bool = True
    """Whether documents of the folders named whose files are gone are removed."""
    columns: Columns = DEFAULT_COLUMNS
    """Which columns of CSV and JSONL files hold what."""
    shard: Shard | None = None
    """Which of the files are taken, where several machines build beside one another; None for all."""
    everywhere: bool = False
    """Whether documents from elsewhere whose files are gone are removed as well."""


def build(
    paths: Iterable[Path | str],
    directory: Path | str,
    *,
    encoder: Encoder,
    settings: BuildSettings | None = None,
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> BuildReport:
    """Take the files and folders `paths` into the index at `directory`, which is made where there is none.

    A file in a folder is read only if it does not look as it did; one that is named is read in any case. Documents of
    the folders named whose files are gone are removed (see `BuildSettings`), and `announce` is called with their
    sources before; documents from elsewhere stay, and so does the last good version of a file that exists but cannot be
    read now. What was committed before a failure stays, and the next build goes on from there. Raises UsageError,
    EncoderMismatchError, IndexLockedError, StorageError.
    """
    directory = Path(directory)
    roots = [Path(path) for path in paths]
    settings = settings or BuildSettings()
    found = outside(discover(roots), directory)
    if settings.shard is not None:
        found = settings.shard.narrowed(found)
    named = {source_of(path) for path in roots if not path.is_dir()}
    with (
        writing(directory, encoder, settings.passages) as engine,
        Reader(settings.columns) as reader,
        closing(Work(engine, encoder, settings.passages, reader)) as work,
    ):
        total = len(found.names)
        waiting = work.pass_over(found, named=named)
        for done, path in enumerate(waiting, total - len(waiting)):
            if progress is not None:
                progress(BuildProgress(done, total, work.batch.embedded))
            work.take(path)
        work.finish(_gone(work, found, roots, settings), announce)
        if progress is not None:
            progress(BuildProgress(total, total, work.batch.embedded))
        return work.report(found)


def _gone(work: Work, found: Discovery, roots: list[Path], settings: BuildSettings) -> list[str]:
    """The sources of the documents to remove, in order."""
    gone = set(gone_below(work.stored, found, roots)) if settings.prune else set()
    if settings.everywhere:
        gone.update(gone_anywhere(work.read, found))
    return sorted(gone)


@contextmanager
def writing(directory: Path, encoder: Encoder, passages: ChunkSettings) -> Iterator[EmbeddedEngine]:
    """The engine at `directory`, made where there is none, open for writing and of this encoder."""
    with storage_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
        strangers = {entry.name for entry in directory.iterdir()} - {LOCK, WRITER}
    if strangers and TRUTH not in strangers:
        raise IndexUnavailableError(f"{directory} holds files but no index: name an empty or a new directory")
    lock = WriterLock(directory)
    with storage_errors(directory):
        lock.acquire(PATIENCE)
    try:
        if not (directory / TRUTH).exists() or not holds_tables(directory):
            create_truth(
                directory, encoder=encoder.fingerprint, dimension=encoder.dimension, chunker=passages.fingerprint
            )
        engine = open_for_writing(directory, lock)
    except BaseException:
        lock.release()
        raise
    try:
        check_encoder(engine.identity, encoder, directory)
        yield engine
    finally:
        engine.close()
