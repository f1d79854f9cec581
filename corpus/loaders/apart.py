"""Reading files of any format without trusting them: all but plain text is parsed in a process that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from corpus.errors import SourceError
from corpus.fingerprint import loaders_fingerprint
from corpus.loaders.columns import DEFAULT_COLUMNS, Columns
from corpus.loaders.decode import decode
from corpus.loaders.detect import SUFFIXES, Format, detect
from corpus.loaders.files import read_bytes
from corpus.loaders.frames import Frame, document_from_frame, receive, refusal_from_frame, send
from corpus.loaders.limits import LIMITS, Limits
from corpus.loaders.load import Loaded, byte_limit, source_of
from corpus.loaders.sniff import is_packed
from corpus.loaders.text import parse_text
from corpus.loaders.writing import check_text, document_of
from corpus.types import Document, Refusal

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); sys.argv[1:] = []; "
    "from corpus.loaders.worker import main; main()"
)
_SECONDS_TO_START = 120.0
_MOST_KILLS = 3
"""Members of one archive that may cost the process its life."""


class Reader:
    """Reads one file after the other; the process is started by the first that needs it and lives until `close`.

    `command` starts another program in its place; tests have one that hangs.
    """

    def __init__(
        self, columns: Columns = DEFAULT_COLUMNS, limits: Limits = LIMITS, command: Sequence[str] | None = None
    ) -> None:
        self._columns = columns
        self._limits = limits
        self._command = command or (sys.executable, "-c", _START, json.dumps(sys.path))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def fingerprint(self) -> str:
        """Names the code and the settings that make documents out of a file's bytes."""
        columns = self._columns.spelled
        return f"{loaders_fingerprint()}/{columns}" if columns else loaders_fingerprint()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def read(self, path: Path) -> Loaded:
        """All documents in the file at `path`, and what of it was refused; raises SourceError where that is all."""
        found = _plain(path) or self._read_apart(path)
        if not found.documents and [refusal.source for refusal in found.refused] == [source_of(path)]:
            raise SourceError(found.refused[0].reason)
        return found

    def _read_apart(self, path: Path) -> Loaded:
        """The same by the process, which is started anew after each member that had to be stopped."""
        source = source_of(path)
        documents: list[Document] = []
        refused: list[Refusal] = []
        until = time.monotonic() + self._limits.file_seconds
        skip = 0
        for kills in range(_MOST_KILLS):
            turn = _Turn(source, skip)
            reason = self._ask(path, turn, until)
            documents += turn.documents
            refused += turn.refused
            if reason is None:
                break
            begun, stopped = turn.begun or (None, source)
            refused.append(Refusal(stopped, reason))
            if begun is None or time.monotonic() > until:
                break
            skip = begun + 1
            if kills == _MOST_KILLS - 1:
                refused.append(Refusal(source, f"was given up after {_MOST_KILLS} of its parts had to be stopped"))
        return Loaded(tuple(documents), tuple(refused))

    def _ask(self, path: Path, turn: _Turn, until: float) -> str | None:
        """Let the process read from the member `turn.skip` on; the reason why it had to be stopped, None where not."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise SourceError("cannot be read, because the process that parses has no pipes; try again")
        request = {
            "path": os.fsencode(path).hex(),
            "source": turn.source,
            "skip": turn.skip,
            "columns": asdict(self._columns),
        }
        with suppress(OSError):  # a process that is gone is noticed when it is listened to
            send(process.stdin, request)
        while True:
            allowed = min(self._limits.seconds, until - time.monotonic())
            watch = _Watch(process, max(0.1, allowed))
            with watch:
                frame = receive(process.stdout)
            if frame is None:
                self.close()
                return watch.reason(process.returncode)
            if turn.take(frame):
                return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, with our own words
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._greet(self._process)
        return self._process

    def _greet(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the process listens, so that no file pays for its start."""
        watch = _Watch(process, _SECONDS_TO_START)
        with watch:
            greeting = receive(process.stdout) if process.stdout is not None else None
        if greeting is None:
            self.close()
            raise SourceError("cannot be read, because the process that parses does not start; try again")


class _Turn:
    """What one request brought."""

    def __init__(self, source: str, skip: int) -> None:
        self.source = source
        self.skip = skip
        self.begun: tuple[int, str] | None = None
        self.documents: list[Document] = []
        self.refused: list[Refusal] = []

    def take(self, frame: Frame) -> bool:
        """Account for a frame; True where it is the last."""
        if "begin" in frame:
            self.begun = frame["begin"], frame["source"]
        elif "failed" in frame:
            self.refused.append(Refusal(self.source, frame["failed"]))
        elif "documents" in frame:
            self.documents += [document_from_frame(document) for document in frame["documents"]]
            self.refused += [refusal_from_frame(refusal) for refusal in frame["refused"]]
        return "end" in frame


class _Watch:
    """Kills a process that takes too long."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._seconds = seconds
        self._late = False
        self._process = process
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def reason(self, code: int | None) -> str:
        """Why the process is gone."""
        if self._late:
            return f"took more than {self._seconds:.0f} s to read; split it, or save it as text"
        return f"cannot be parsed (its parser broke down, code {code}); save it again, or as text"

    def _stop(self) -> None:
        self._late = True
        self._process.kill()


def _plain(path: Path) -> Loaded | None:
    """The document of a file of plain text, read here, which takes linear time; None for what needs a parser."""
    if SUFFIXES.get(path.suffix.lower(), Format.TEXT) is not Format.TEXT:
        return None
    data = read_bytes(path, byte_limit(path))
    if is_packed(data) or detect(path.suffix, text := decode(data)) is not Format.TEXT:
        return None
    check_text(text, LIMITS)
    return Loaded((document_of(source_of(path), path.stem, parse_text(text)),))
