"""Unpacking with an eye on what comes out: zip containers are looked over before a byte of them is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from corpus.errors import SourceError
from corpus.loaders.limits import MEGABYTE, Limits

_FREE = 10 * MEGABYTE
"""Unpacked bytes up to which no ratio is asked for: a short text of blanks packs very well."""
_CHUNK = 1 << 16


def open_zip(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The zip container in `data`; raises SourceError where it is damaged, or would unpack to more than it may.

    The sizes that its directory states are believed, because `zipfile` hands out no more than them.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise SourceError(f"is a damaged zip container ({_words(error)}); make it anew") from None
    entries = archive.infolist()
    if len(entries) > limits.members:
        raise SourceError(f"holds {len(entries):,} files, over the limit of {limits.members:,}; split it")
    check_unpacked(sum(entry.file_size for entry in entries), len(data), limits)
    return archive


def read_member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo, limit: int) -> bytes:
    """One file of a container, of at most `limit` bytes; raises SourceError, also where there is none of that name."""
    try:
        entry = archive.getinfo(name) if isinstance(name, str) else name
        if entry.file_size > limit:
            raise SourceError(too_large(entry.file_size, limit))
        return archive.read(entry)
    except KeyError:
        raise SourceError(f"lacks its part {name!r}, which every file of its kind has; save it again") from None
    except RuntimeError as error:  # the library's only word for a password
        raise SourceError(f"cannot be unpacked ({_words(error)}); take its password off") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise SourceError(f"is damaged where it is packed ({_words(error)}); make it anew") from None


def gunzip(data: bytes, limits: Limits) -> bytes:
    """What `data` (gzip, perhaps several members) unpacks to; raises SourceError where that is damaged or too much."""
    pieces: list[bytes] = []
    total = position = 0
    while data.startswith(b"\x1f\x8b", position):
        stream = zlib.decompressobj(wbits=31)
        while not stream.eof:
            chunk = stream.unconsumed_tail
            if not chunk:
                chunk = data[position : position + _CHUNK]
                position += len(chunk)
            if not chunk:
                raise SourceError("is cut short where it is packed with gzip; make it anew")
            pieces.append(_inflate(stream, chunk))
            total += len(pieces[-1])
            check_unpacked(total, len(data), limits)
        position -= len(stream.unused_data)
    return b"".join(pieces)


def _inflate(stream: zlib._Decompress, chunk: bytes) -> bytes:
    try:
        return stream.decompress(chunk, 16 * _CHUNK)
    except zlib.error as error:
        raise SourceError(f"is damaged where it is packed with gzip ({_words(error)}); make it anew") from None


def check_unpacked(size: int, packed: int, limits: Limits) -> None:
    """Raise SourceError where `packed` bytes become `size` bytes and those are too many, or suspiciously many."""
    if size > limits.unpacked_bytes:
        allowed = limits.unpacked_bytes / MEGABYTE
        raise SourceError(
            f"unpacks to {size / MEGABYTE:,.0f} MB or more, over the limit of {allowed:,.0f} MB; split it"
        )
    if size > _FREE and size > limits.ratio * packed:
        raise SourceError(
            f"unpacks to more than {size // max(1, packed):,} times its size, over the limit of {limits.ratio}, "
            "as bombs do; unpack it yourself if it is none"
        )


def too_large(size: int, limit: int) -> str:
    """The refusal of a file over the limit."""
    return f"is {size / MEGABYTE:,.1f} MB, over the limit of {limit / MEGABYTE:,.0f} MB; split it into smaller files"


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
