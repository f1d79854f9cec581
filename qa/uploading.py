"""Articles that come over the page: into one folder, under names that are safe, then into the index."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from corpus.errors import UsageError
from corpus.loaders.detect import SUFFIXES
from corpus.loaders.load import source_of
from corpus.settings import ChunkSettings
from corpus.types import Refusal, document_id
from index.builder import BuildSettings, build, writing
from index.types import BuildProgress, BuildReport, Encoder

LARGEST_FILE = 10 * 1024 * 1024
MOST_AT_ONCE = 50
MOST_IN_FOLDER = 5000
_LONGEST_NAME = 120
_UNFIT = re.compile(r"[^\w .()'&+,-]")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as the browser sent it: the name it gives, and where its bytes lie now."""

    name: str
    path: Path


class Uploads:
    """The folder of one collection. One upload or removal at a time; the index's own lock guards against others."""

    def __init__(self, folder: Path, index: Path, encoder: Encoder) -> None:
        self.folder = folder
        self._index = index
        self._encoder = encoder
        self._busy = Lock()

    def take(self, files: Sequence[Incoming]) -> Iterator[BuildProgress | BuildReport]:
        """Take files in; tells how far it is, and at last what became of each. Raises UsageError for too many."""
        if len(files) > MOST_AT_ONCE:
            raise UsageError(f"{len(files)} files at once; give at most {MOST_AT_ONCE}")
        with self._busy:
            self.folder.mkdir(parents=True, exist_ok=True)
            room = MOST_IN_FOLDER - sum(1 for _ in self.folder.iterdir())
            if len(files) > room:
                raise UsageError(f"the folder of uploads has room for {max(0, room)} more files, got {len(files)}")
            placed, refused = self._placed(files)
            if not placed:
                yield BuildReport((), (), (), (), tuple(refused), 0, 0)
                return
            for told in self._build(placed):
                yield _with(told, refused) if isinstance(told, BuildReport) else told

    def remove(self, article: str) -> bool:
        """Remove an article that was uploaded, file and all; whether there was one of that id."""
        with self._busy:
            path = next((one for one in self._files() if document_id(source_of(one)) == article), None)
            if path is None:
                return False
            with writing(self._index, self._encoder, ChunkSettings()) as engine:
                engine.delete([article])
            path.unlink(missing_ok=True)
            return True

    def holds(self, source: str) -> bool:
        """Whether an article was uploaded, and so may be removed."""
        return Path(source).parent == Path(source_of(self.folder))

    def _files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []

    def _placed(self, files: Sequence[Incoming]) -> tuple[list[Path], list[Refusal]]:
        """Copy what may stay into the folder; a file of a name that is there takes its place."""
        placed, refused = list[Path](), list[Refusal]()
        for one in files:
            if one.path.stat().st_size > LARGEST_FILE:
                refused.append(Refusal(one.name, f"is larger than {LARGEST_FILE >> 20} MB"))
                continue
            try:
                target = self.folder / safe_name(one.name)
            except UsageError as error:
                refused.append(Refusal(one.name, str(error)))
                continue
            # Under a hidden name first: a build of the folder must not meet half a file.
            partial = self.folder / f".{target.name}.part"
            shutil.copyfile(one.path, partial)
            partial.replace(target)
            placed.append(target)
        return placed, refused

    def _build(self, placed: Sequence[Path]) -> Iterator[BuildProgress | BuildReport]:
        """Build in a thread of its own, so that progress comes while it works."""
        told: SimpleQueue[BuildProgress | None] = SimpleQueue()

        def work() -> BuildReport:
            settings = BuildSettings(prune=False)
            return build(placed, self._index, encoder=self._encoder, settings=settings, progress=told.put)

        with ThreadPoolExecutor(1) as building:
            report = building.submit(work)
            report.add_done_callback(lambda _: told.put(None))
            while (progress := told.get()) is not None:
                yield progress
            yield report.result()


def safe_name(name: str) -> str:
    """The name of a file that stays inside the folder, is not hidden and can be read; raises UsageError for none."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem, suffix = Path(base).stem, Path(base).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"no loader for {suffix or 'such'} files; expected {', '.join(sorted(SUFFIXES))}")
    plain = " ".join(_UNFIT.sub(" ", stem).split()).strip(" .")
    cut = plain.encode("utf-8")[:_LONGEST_NAME].decode("utf-8", "ignore").strip(" .")
    if not cut:
        raise UsageError("has no name that can be kept; rename it")
    return cut + suffix


def _with(report: BuildReport, refused: Sequence[Refusal]) -> BuildReport:
    return BuildReport(
        report.added,
        report.updated,
        report.unchanged,
        report.removed,
        (*refused, *report.refused),
        report.passages_embedded,
        report.generation,
    )
