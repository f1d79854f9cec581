"""Bringing an index level with folders of articles: only what changed is embedded, and every batch is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus.discovery import Discovery, discover
from corpus.errors import IndexDamagedError, IndexUnavailableError, SourceError
from corpus.loaders import load
from corpus.loaders.load import source_of
from corpus.settings import ChunkSettings
from corpus.types import Document, Refusal
from index.batch import Batch
from index.engines.embedded import EmbeddedEngine, open_for_writing
from index.failures import storage_errors
from index.layout import LOCK, TRUTH, WRITER
from index.lock import WriterLock
from index.schema import check_encoder, create_truth, holds_tables
from index.types import BuildProgress, BuildReport, Encoder

Progress = Callable[[BuildProgress], None]


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """How a build cuts and what it clears away."""

    passages: ChunkSettings = field(default_factory=ChunkSettings)
    prune: bool = True
    """Whether documents of the folders named whose files are gone are removed."""


def build(
    paths: Iterable[Path | str],
    directory: Path | str,
    *,
    encoder: Encoder,
    settings: BuildSettings | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Take the files and folders `paths` into the index at `directory`, which is made where there is none.

    Documents of the folders named whose files are gone are removed (see `BuildSettings.prune`); documents from
    elsewhere stay, and so does the last good version of a file that exists but cannot be read now. What was committed
    before a failure stays, and the next build goes on from there. Raises UsageError, EncoderMismatchError,
    IndexLockedError, StorageError.
    """
    directory = Path(directory)
    folders = [Path(path) for path in paths]
    found = _outside(discover(folders), directory)
    settings = settings or BuildSettings()
    with writing(directory, encoder, settings.passages) as engine:
        work = _Work(engine, encoder, settings.passages)
        for done, path in enumerate(found.files):
            if progress is not None:
                progress(BuildProgress(done, len(found.files), work.batch.embedded))
            work.take(path)
        work.finish(found, folders if settings.prune else [])
        if progress is not None:
            progress(BuildProgress(len(found.files), len(found.files), work.batch.embedded))
        return work.report(found)


class _Work:
    """One build under way: what was done with each source."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, settings: ChunkSettings) -> None:
        self._engine = engine
        self._settings = settings
        self._stored = engine.sources()
        self._rechunk = engine.identity.chunker != settings.fingerprint
        self._added: list[str] = []
        self._updated: list[str] = []
        self._unchanged: list[str] = []
        self._removed: list[str] = []
        self._refused: list[Refusal] = []
        self.batch = Batch(engine, encoder, settings)

    def take(self, path: Path) -> None:
        """Load the file at `path` and store it if it differs from what the index has."""
        try:
            document = load(path)
        except SourceError as error:
            self._refused.append(Refusal(source_of(path), str(error)))
            return
        if document.source not in self._stored:
            self._added.append(document.source)
        elif self._rechunk or not self._holds(document):
            self._updated.append(document.source)
        else:
            self._unchanged.append(document.source)
            return
        self.batch.add(document)

    def finish(self, found: Discovery, pruned: Sequence[Path]) -> None:
        """Commit what is waiting, remove what is gone, cut the rest anew where the chunker changed, write the views."""
        self.batch.commit()
        self._removed = _gone(self._stored, found, pruned)
        self._engine.delete([self._stored[source] for source in self._removed])
        if self._rechunk:
            taken = {*self._updated, *self._removed}
            for source in sorted(self._stored.keys() - taken):
                self.batch.add(self._engine.document(self._stored[source]))
                self._updated.append(source)
            self.batch.commit()
            self._engine.change((), (), chunker=self._settings.fingerprint)
        self._engine.publish()

    def report(self, found: Discovery) -> BuildReport:
        """What was done, each list in order of path."""
        return BuildReport(
            added=tuple(sorted(self._added)),
            updated=tuple(sorted(self._updated)),
            unchanged=tuple(sorted(self._unchanged)),
            removed=tuple(sorted(self._removed)),
            refused=tuple(sorted((*found.skipped, *self._refused), key=lambda refusal: refusal.source)),
            passages_embedded=self.batch.embedded,
            generation=self._engine.generation(),
        )

    def _holds(self, document: Document) -> bool:
        try:
            return self._engine.document(document.id) == document
        except (KeyError, IndexDamagedError):  # a text that fails its check is healed from its file
            return False


def _gone(stored: Iterable[str], found: Discovery, folders: Sequence[Path]) -> list[str]:
    """Stored sources below `folders` that are not there any more; below a folder that cannot be read, all are there."""
    roots = tuple(f"{source_of(folder).rstrip('/')}/" for folder in folders if folder.is_dir())
    there = {source_of(path) for path in found.files} | {refusal.source for refusal in found.skipped}
    closed = tuple(f"{refusal.source}/" for refusal in found.skipped)
    return [
        source
        for source in stored
        if source.startswith(roots) and source not in there and not source.startswith(closed)
    ]


def _outside(found: Discovery, directory: Path) -> Discovery:
    """What was found, without the index's own files, which may lie in the folder indexed."""
    own = f"{source_of(directory)}/"
    files = tuple(path for path in found.files if not source_of(path).startswith(own))
    return Discovery(files, tuple(refusal for refusal in found.skipped if not refusal.source.startswith(own)))


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
        lock.acquire()
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
