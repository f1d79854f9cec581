"""Reading evaluation files: plain or gzipped, with every complaint naming file and line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DatasetError

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def error(self, what: str) -> DatasetError:
        """The exception that says what is wrong at this place."""
        return DatasetError(f"{self.file}:{self.line}: {what}")


def find_file(folder: Path, *names: str) -> Path | None:
    """The first of `names` (or its .gz) that lies in `folder`."""
    candidates = (folder / variant for name in names for variant in (name, f"{name}.gz"))
    return next((path for path in candidates if path.is_file()), None)


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, unpacked when its name ends in .gz, without a byte order mark."""
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DatasetError(f"{path}:1: not a whole gzip file ({error}); pack it again") from error
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror or error}); name a readable file") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Place(str(path), line).error(f"byte {data[error.start]:#04x} is not UTF-8; save it as UTF-8") from error


def json_rows(path: Path) -> Iterator[tuple[Place, Row]]:
    """The JSON objects of a file, one a line; blank lines are passed over."""
    # Not splitlines(): JSON strings may hold U+2028 and its like unescaped.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            place = Place(str(path), number)
            yield place, _json_object(line, place)


def _json_object(line: str, place: Place) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise place.error(f"not JSON ({error.msg} at column {error.colno}); write one JSON object a line") from error
    except RecursionError as error:
        raise place.error("JSON nested too deeply; write one flat object a line") from error
    if not isinstance(row, dict):
        raise place.error(f"a JSON {type(row).__name__} where an object was expected")
    return row
