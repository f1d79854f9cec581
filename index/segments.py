"""Whether the files of a tantivy folder are what tantivy wrote: it stores checksums but never looks at them."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from index.trust import Trust

TRAILER = struct.Struct("<II")
"""The last 8 bytes of a segment file: the length of its JSON footer, and a magic number."""

BLOCK = 1 << 20


def segments_are_whole(folder: Path, trust: Trust | None = None) -> bool:
    """Whether every file of the segments in the last commit matches the CRC-32 in its footer, or is trusted."""
    try:
        paths = segment_files(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return all((trust is not None and trust.covers(f"{folder.name}/{path.name}")) or _is_whole(path) for path in paths)


def segment_files(folder: Path) -> list[Path]:
    """The files of the segments in the last commit; raises OSError, ValueError, KeyError, TypeError, AttributeError."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    names = [segment["segment_id"].replace("-", "") for segment in meta["segments"]]
    return [path for name in names for path in sorted(folder.glob(f"{name}.*"))]


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - TRAILER.size, 0))
            length, _ = TRAILER.unpack(file.read(TRAILER.size))
            body = file.seek(size - TRAILER.size - length)
            expected = json.loads(file.read(length))["crc"]
            file.seek(0)
            return bool(_crc(file.read, body) == expected)
    except FileNotFoundError:
        return True  # a writer has just merged it away; a file that a commit needs is missed by tantivy itself
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False


def _crc(read: Callable[[int], bytes], count: int) -> int:
    crc = 0
    while count > 0 and (block := read(min(BLOCK, count))):
        crc = zlib.crc32(block, crc)
        count -= len(block)
    return crc
