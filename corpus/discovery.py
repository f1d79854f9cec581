"""From the paths a user names to the files that are tried, always in the same order."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UsageError
from corpus.loaders.detect import SUFFIXES
from corpus.types import Refusal


@dataclass(frozen=True, slots=True)
class Discovery:
    """What lies below the paths named: the files to load, and what was passed over in folders, with the reason."""

    names: tuple[str, ...]
    """Absolute paths, in order. No path objects: of a hundred thousand they take longer than the walk."""
    skipped: tuple[Refusal, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The files as paths, made anew each time."""
        return tuple(map(Path, self.names))

    @property
    def sources(self) -> list[str]:
        """The sources of the files, in the same order."""
        return [name if name.isascii() and os.sep == "/" else _printable(name) for name in self.names]


def discover(paths: Iterable[Path]) -> Discovery:
    """The files named and the articles in the folders named, each once, in order of path.

    A file that is named is always tried. In a folder, hidden files, links that lead out of it and files whose ending
    no loader knows are passed over and listed. Raises UsageError for no path, a path that does not exist and a folder
    without a single article.
    """
    files: set[str] = set()
    skipped: list[Refusal] = []
    named = [os.path.normpath(path.absolute()) for path in paths]
    if not named:
        raise UsageError("no path was given; name a file or a folder of articles")
    for path in named:
        if not os.path.lexists(path):
            raise UsageError(f"{_printable(path)} does not exist; check the path")
        if os.path.isdir(path):  # noqa: PTH112  see `Discovery.names`
            found, passed_over = _walk(path)
            if not found:
                raise UsageError(_nothing_in(path, passed_over))
            files.update(found)
            skipped.extend(passed_over)
        else:
            files.add(path)
    kept = set(map(_printable, files)) if skipped else set()
    listed = {refusal.source: refusal for refusal in skipped if refusal.source not in kept}
    return Discovery(tuple(sorted(files)), tuple(listed[source] for source in sorted(listed)))


def _walk(root: str) -> tuple[list[str], list[Refusal]]:
    """The articles below `root` and what was passed over there."""
    found: list[str] = []
    passed_over: list[Refusal] = []
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            passed_over.append(Refusal(_printable(folder), f"folder cannot be read ({error.strerror})"))
            continue
        for entry in entries:
            if _is_article(entry):
                found.append(entry.path)
                continue
            reason = _reason_to_pass_over(entry)
            if reason is not None:
                passed_over.append(Refusal(_printable(entry.path), reason))
            else:
                folders.append(entry.path)
    return found, passed_over


def _is_article(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a walked folder is taken: nearly all are, so this asks as little as tells."""
    return entry.is_file(follow_symlinks=False) and not entry.name.startswith(".") and _suffix(entry.name) in SUFFIXES


def _suffix(name: str) -> str:
    """The ending that tells a format; `os.path.splitext` takes ten times as long."""
    return name[name.rfind(".") :].lower() if "." in name else ""


def _reason_to_pass_over(entry: os.DirEntry[str]) -> str | None:
    """Why an entry of a walked folder that is no article is not taken, None for a folder to be walked."""
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        # What it points to inside the folder is met anyway; what lies outside was not asked for.
        return "a link; name its target to take it in"
    if entry.is_dir(follow_symlinks=False):
        return None
    suffix = _suffix(entry.name)
    if suffix not in SUFFIXES:
        return f"no loader for {suffix!r} files" if suffix else "no file name ending that tells a format"
    return "not a regular file"


def _nothing_in(folder: str, passed_over: Iterable[Refusal]) -> str:
    """The message for a folder without articles."""
    endings = ", ".join(sorted(SUFFIXES))
    count = sum(1 for _ in passed_over)
    others = f" ({count} other entries passed over)" if count else ""
    return (
        f"no article found in {_printable(folder)}{others}; expected files ending in {endings}, "
        "put some there or name files one by one"
    )


def _printable(name: str) -> str:
    """A path as text that can be stored and printed, whatever bytes it holds."""
    return name.replace(os.sep, "/").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
