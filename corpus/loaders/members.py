"""The files in a file: itself, what it unpacks to, or what is in the archive, as deep as archives may be nested."""

from __future__ import annotations

import io
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.errors import SourceError
from corpus.loaders.detect import PACKED, SUFFIXES, Format
from corpus.loaders.limits import Limits
from corpus.loaders.sniff import sniff
from corpus.loaders.unpack import check_unpacked, gunzip, open_zip, read_member, too_large

INSIDE = "!/"
"""Between an archive's source and a member's name."""
_OWN_FILES = ("__MACOSX/", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be parsed, or the reason why it is not."""

    source: str
    name: str
    data: bytes = b""
    format: Format = Format.TEXT
    reason: str | None = None


def members(source: str, name: str, data: bytes, limits: Limits, depth: int = 0) -> Iterator[Member]:
    """What is to be parsed of the file `name` with these bytes; raises SourceError where it is no sound archive."""
    kind = sniff(name, data, limits)
    if kind is Format.GZIP:
        inner = PurePosixPath(name)
        inner_name = f"{inner.stem}.tar" if inner.suffix.lower() == ".tgz" else inner.stem
        if depth >= limits.nesting:
            raise SourceError(_too_deep(limits))
        yield from members(source, inner_name, gunzip(data, limits), limits, depth + 1)
    elif kind in (Format.ZIP, Format.TAR):
        if depth >= limits.nesting:
            raise SourceError(_too_deep(limits))
        parts = _zip_members(data, limits) if kind is Format.ZIP else _tar_members(data, limits)
        for inner_name, inner_data, reason in parts:
            yield from _inside(
                f"{source}{INSIDE}{_printable(inner_name)}", inner_name, inner_data, reason, (limits, depth)
            )
    else:
        yield Member(source, PurePosixPath(name).name, data, kind)


def _inside(source: str, name: str, data: bytes, reason: str | None, where: tuple[Limits, int]) -> Iterator[Member]:
    """The members of one member, whose faults are its own."""
    limits, depth = where
    if reason is not None:
        yield Member(source, name, reason=reason)
        return
    try:
        yield from members(source, name, data, limits, depth + 1)
    except SourceError as error:
        yield Member(source, name, reason=str(error))


_Part = tuple[str, bytes, str | None]


def _zip_members(data: bytes, limits: Limits) -> Iterator[_Part]:
    with open_zip(data, limits) as archive:
        seen: set[str] = set()
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            name = entry.filename
            if entry.is_dir() or name in seen:
                continue
            seen.add(name)
            reason = _reason_to_pass_over(name)
            if stat.S_ISLNK(entry.external_attr >> 16):
                reason = "is a link"
            if reason is not None:
                yield name, b"", reason
                continue
            try:
                yield name, read_member(archive, entry, _limit(name, limits)), None
            except SourceError as error:
                yield name, b"", str(error)


def _tar_members(data: bytes, limits: Limits) -> Iterator[_Part]:
    total = count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for entry in archive:
                count += 1
                if count > limits.members:
                    raise SourceError(f"holds more than {limits.members:,} files; split it")
                if entry.isdir():
                    continue
                reason = (
                    _reason_to_pass_over(entry.name) if entry.isreg() else "is a link or a device, not a regular file"
                )
                if reason is None and entry.size > _limit(entry.name, limits):
                    reason = too_large(entry.size, _limit(entry.name, limits))
                total += entry.size if reason is None else 0
                check_unpacked(total, len(data), limits)
                file = archive.extractfile(entry) if reason is None else None
                yield entry.name, file.read() if file is not None else b"", reason
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        raise SourceError(f"is a damaged tar archive ({' '.join(str(error).split())}); make it anew") from None


def _reason_to_pass_over(name: str) -> str | None:
    """Why a member is not read, None where it is: the rules of a folder hold inside an archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        return "leads out of its archive"
    if any(part.startswith(".") for part in path.parts):
        return "hidden"
    if name.startswith(_OWN_FILES) or path.name in _OWN_FILES:
        return "a file of the system's own"
    if path.suffix.lower() not in SUFFIXES:
        return f"no loader for {path.suffix!r} files" if path.suffix else "no file name ending that tells a format"
    return None


def _limit(name: str, limits: Limits) -> int:
    packed = SUFFIXES.get(PurePosixPath(name).suffix.lower()) in PACKED
    return limits.packed_bytes if packed else limits.text_bytes


def _printable(name: str) -> str:
    """A member's name on one line, whatever it holds."""
    plain = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(character if character.isprintable() else "\ufffd" for character in plain)[:300]


def _too_deep(limits: Limits) -> str:
    return f"holds archives nested deeper than {limits.nesting}; unpack it yourself"
