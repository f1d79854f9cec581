"""The results of a run as they come: one JSON row a question, appended, so that an interrupted run goes on.

A manifest beside the rows names the set and the settings; rows of another set or other settings are never mixed in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from corpus.errors import DatasetError, StorageError, UsageError
from qa.atomic import written_whole

Row = dict[str, Any]

_SYNC_EVERY = 25


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Hold the folder of a run, made if need be; UsageError while another process holds it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise UsageError(f"another run is writing to {out}; wait for it, or give another --out") from error
    except OSError as error:
        raise StorageError(f"{out} cannot hold a run ({error.strerror or error}); give another --out") from error
    try:
        yield
    finally:
        lock.release()


def check_manifest(path: Path, manifest: Mapping[str, object]) -> None:
    """Write the manifest of a new run, or see that the one found there is the same; UsageError when it is not."""
    if not path.exists():
        write_text(path, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"{path} is not a run's manifest; give another --out") from error
    known = found if isinstance(found, dict) else {}
    for key in (*manifest, *known):
        if known.get(key) != manifest.get(key):
            was, now = json.dumps(known.get(key)), json.dumps(manifest.get(key))
            raise UsageError(
                f"{path.parent} holds a run with {key} {was}, not {now}; give another --out, or remove that folder"
            )


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part."""
    with written_whole(path) as stream:
        stream.write(text)


def read_rows(path: Path) -> list[Row]:
    """The whole rows of a journal, [] where there is none; a last line that was cut off is passed over."""
    if not path.exists():
        return []
    data = path.read_bytes()
    lines = data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]
    return [_row(line, path, number) for number, line in enumerate(lines, start=1)]


def _row(line: bytes, path: Path, number: int) -> Row:
    try:
        row = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DatasetError(
            f"{path}:{number}: not a row of a run; remove that line to have the question run again"
        ) from error
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise DatasetError(f"{path}:{number}: a row without id; remove that line to have the question run again")
    return row


class Journal:
    """Rows being appended to one file; what is written survives the process at once, a power cut within a few rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = {str(row["id"]): row for row in read_rows(path)}
        self._file = self._open()
        self._unsynced = 0

    def _open(self) -> IO[bytes]:
        """Open for appending, after cutting off a line that an interruption left half-written."""
        try:
            if self._path.exists():
                data = self._path.read_bytes()
                os.truncate(self._path, data.rfind(b"\n") + 1)
            return self._path.open("ab")
        except OSError as error:
            raise StorageError(
                f"{self._path} cannot be written ({error.strerror or error}); give another --out"
            ) from error

    def append(self, row: Row) -> None:
        """Add one row; its "id" must be new."""
        line = json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
            self._unsynced += 1
            if self._unsynced >= _SYNC_EVERY:
                self.sync()
        except OSError as error:
            raise StorageError(
                f"{self._path}: {error.strerror or error}; free the disk and run again, it goes on"
            ) from error
        self.rows[str(row["id"])] = row

    def sync(self) -> None:
        """Bring what was appended to the disk."""
        os.fsync(self._file.fileno())
        self._unsynced = 0

    def close(self) -> None:
        """Sync and close."""
        self.sync()
        self._file.close()
