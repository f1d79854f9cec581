"""One build under way: what is done with each file, and with what is gone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path

from corpus.discovery import Discovery
from corpus.errors import SourceError
from corpus.loaders.apart import Reader
from corpus.loaders.files import read_bytes
from corpus.loaders.load import Loaded, byte_limit, source_of
from corpus.metadata import retitled
from corpus.settings import ChunkSettings
from corpus.types import Document, Refusal
from index.batch import Batch
from index.commits import Change
from index.engines.embedded import EmbeddedEngine
from index.looks import FileRecord, Look, incomplete, looks_as
from index.parts import parts_of
from index.settling import settle
from index.types import BuildReport, Encoder

SPELLED_ALIKE = "its name, with bytes that are no UTF-8 written out, is that of another file; rename one of them"

Announce = Callable[[Sequence[str]], None]


class Work:
    """Takes files, in any order, and remembers what became of each."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, settings: ChunkSettings, reader: Reader) -> None:
        self._engine = engine
        self._settings = settings
        self._reader = reader
        self._loaders = reader.fingerprint
        self._stored = engine.sources()
        self._looks = engine.looks(self._loaders)
        self._inside = parts_of(self._stored, self._looks)
        self._rechunk = engine.identity.chunker != settings.fingerprint
        self._added: list[str] = []
        self._updated: list[str] = []
        self._unchanged: list[str] = []
        self._removed: list[str] = []
        self._refused: list[Refusal] = []
        self._seen: list[FileRecord] = []
        self._left: list[str] = []
        """Parts that their files no longer hold."""
        self._recut: tuple[str, ...] = ()
        self.batch = Batch(engine, encoder, settings)

    @property
    def stored(self) -> Sequence[str]:
        """The sources of the documents that the index held before."""
        return tuple(self._stored)

    @property
    def read(self) -> Mapping[str, str]:
        """Those of them that were read from files, and which."""
        own = {source: source for source in self._stored if source in self._looks}
        return own | {source: file for file, sources in self._inside.items() for source in sources}

    def pass_over(self, found: Discovery, *, named: Container[str]) -> list[Path]:
        """The files that have to be taken: those that are `named`, look other than they did, or were never read."""
        waiting = []
        taken: set[str] = set()
        for source, name in zip(found.sources, found.names, strict=True):
            if source in taken:
                self._refused.append(Refusal(source, SPELLED_ALIKE))
                continue
            taken.add(source)
            look = self._looks.get(source)
            if look is not None and source not in named and looks_as(name, look) and self._is_stored(source):
                self._keep(source)
            else:
                waiting.append(Path(name))
        return waiting

    def take(self, path: Path) -> None:
        """Store the file at `path` if its bytes differ from what the index has."""
        source = source_of(path)
        try:
            record = self._record(source, path, _look(path))
            if self._holds_content(record):
                self._seen.append(record)
                self._keep(source)
                return
            loaded = self._reader.read(path)
        except SourceError as error:
            self._refused.append(Refusal(source, str(error)))
            return
        self._refused.extend(loaded.refused)
        self._left.extend(self._left_out(source, loaded))
        self._store(loaded.documents, record if not loaded.refused else incomplete(record))

    def finish(self, gone: Sequence[str], announce: Announce | None) -> None:
        """Commit what is waiting, remove what is gone, cut anew what has to be, write the views.

        Cut anew is everything where the chunker changed, else what the folder as a whole gives another meaning.
        """
        self.batch.commit()
        gone = sorted({*gone, *self._left})
        self._removed = gone
        if gone and announce is not None:
            announce(gone)
        self._engine.delete([self._stored[source] for source in gone])
        if self._rechunk:
            self._cut_the_rest()
        self._recut = settle(self._engine, self.batch)
        self._remember()
        self._engine.drop_waiting()
        self._engine.publish()

    def close(self) -> None:
        """Leave undone what a failure has left waiting."""
        self.batch.close()

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
            recut=self._recut,
            copies=self._engine.folder.copied(),
        )

    def _record(self, source: str, path: Path, look: Look | None) -> FileRecord:
        settled = look if look is not None and look.settled() else None
        return FileRecord(source, settled, hashlib.sha256(read_bytes(path, byte_limit(path))).digest(), self._loaders)

    def _holds_content(self, record: FileRecord) -> bool:
        """Whether the document stored came from these bytes through this code, and is still whole."""
        known = self._known(record.source)
        if known is None or (known.sha256, known.loaders) != (record.sha256, record.loaders):
            return False
        parts = self._parts(record.source)
        return bool(parts) and all(self._engine.is_whole(self._stored[source]) for source in parts)

    def _known(self, source: str) -> FileRecord | None:
        """What is remembered of the file."""
        return self._engine.files([source]).get(source) if source in self._looks else None

    def _is_stored(self, source: str) -> bool:
        return source in self._stored or source in self._inside

    def _parts(self, file: str) -> Sequence[str]:
        """The stored sources of a file: its own, and those of what is in it."""
        own = (file,) if file in self._stored else ()
        return (*own, *self._inside.get(file, ()))

    def _keep(self, source: str) -> None:
        """Leave the documents of a file as they are, unless they are cut anew in the end."""
        if self._rechunk:
            return
        if source in self._inside:
            self._unchanged.extend(self._parts(source))
        else:
            self._unchanged.append(source)

    def _left_out(self, source: str, loaded: Loaded) -> list[str]:
        """Parts of the file that it no longer has. Of one that is refused now the last good version stays."""
        there = {document.source for document in loaded.documents} | {refusal.source for refusal in loaded.refused}
        if source in there and not loaded.documents:
            return []
        return [part for part in self._parts(source) if part not in there]

    def _store(self, documents: Sequence[Document], record: FileRecord) -> None:
        """Store what is new of a file; its record goes with the last of it, so that a kill before then is noticed."""
        news = [document for document in documents if not self._is_known(document)]
        for document in news[:-1]:
            self.batch.add(document)
        if news:
            self.batch.add(news[-1], record)
        elif documents:  # another program wrote the same words into the file
            self._seen.append(record)

    def _is_known(self, document: Document) -> bool:
        """Whether the index has just this document; what becomes of it is noted for the report."""
        if document.source not in self._stored:
            self._added.append(document.source)
        elif self._rechunk or not self._holds(document):
            self._updated.append(document.source)
        else:
            self._unchanged.append(document.source)
            return True
        return False

    def _holds(self, document: Document) -> bool:
        """Whether the index has just this document; one that fails its check is healed from its file."""
        if not self._engine.is_whole(document.id):
            return False
        stored = self._engine.document(document.id)
        if stored.sha256 != document.sha256:
            return False
        return stored == retitled(document, (), self._engine.repeated(document.id))

    def _cut_the_rest(self) -> None:
        taken = {*self._updated, *self._removed}
        for source in sorted(self._stored.keys() - taken):
            key = self._stored[source]
            file = self._known(source)  # the record of a file of many articles stays as it is
            self.batch.add(self._engine.document(key), file, self._engine.repeated(key))
            self._updated.append(source)
        self.batch.commit()
        self._engine.change(Change(chunker=self._settings.fingerprint))

    def _remember(self) -> None:
        """Note the looks of files that were read for nothing, so that the next build need not read them again."""
        known = self._engine.files([record.source for record in self._seen])
        news = [record for record in self._seen if record != known.get(record.source)]
        if news:
            self._engine.remember(news)


def _look(path: Path | str) -> Look | None:
    """The file's look; None where there is none, which reading it will explain."""
    try:
        return Look.at(path)
    except (OSError, ValueError):
        return None
