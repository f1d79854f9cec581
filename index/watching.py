"""Keeping an index level with folders for as long as it is asked to: `watchfiles` tells that something changed.

The adapter of watchfiles; nothing else imports it. What changed is not taken from its word: a build looks at everything
itself, so a change that the system forgot to tell of is found with the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from corpus.errors import CitespanError

DEBOUNCE_MS = 1600
"""Changes within this of one another are one: an editor writes a file in several steps, a copy takes a while."""
RETRY_SECONDS = 10
"""A build that failed is tried again after this, though nothing changed: another process may have been writing."""

Build = Callable[[Sequence[Path]], None]
"""Brings the index level with those of the paths that exist."""


def watch(
    paths: Sequence[Path], directory: Path, build: Build, complain: Callable[[str], None], stop: Event | None = None
) -> None:
    """Call `build` whenever something below `paths` changed, until `stop` is set or Ctrl-C raises KeyboardInterrupt.

    An error of the build is handed to `complain`, once, and ends nothing: it is tried again with the next change, or a
    while later. A path that goes is waited for; what it held stays in the index. What happens inside the index at
    `directory` is no change.
    """
    told: str | None = None
    gone: frozenset[Path] = frozenset()
    for changed in _changes(paths, directory, stop or Event()):
        missing = frozenset(path for path in paths if not path.exists())
        for path in sorted(missing - gone):
            complain(f"{path} is gone; what it held stays in the index until it is back")
        due = changed or told is not None or bool(gone - missing)
        gone, there = missing, [path for path in paths if path not in missing]
        if not there or not due:
            continue
        found = _failure(build, there)
        if found not in (None, told):
            complain(str(found))
        told = found


def _failure(build: Build, there: Sequence[Path]) -> str | None:
    """Build; why it failed, None where it did not."""
    try:
        build(there)
    except (CitespanError, OSError) as error:
        return str(error)
    return None


def _changes(paths: Sequence[Path], directory: Path, stop: Event) -> Iterator[bool]:
    """True for each change, False from time to time while there is none.

    The first is always True: what changed before the system began to tell would be missed otherwise.
    """
    import watchfiles  # only `citespan watch` needs it

    while not stop.is_set():
        # A file is watched by its folder: a watch on it would miss that an editor puts another one in its place.
        folders = {path if path.is_dir() else path.parent for path in paths if path.exists()}
        level = False
        if not folders:
            yield False
            stop.wait(RETRY_SECONDS)
            continue
        for changes in watchfiles.watch(
            *folders,
            watch_filter=lambda _, name: _counts(Path(name), paths, directory),
            debounce=DEBOUNCE_MS,
            stop_event=stop,
            rust_timeout=1000 * RETRY_SECONDS,
            yield_on_timeout=True,
        ):
            yield bool(changes) or not level
            level = True
            if folders != {path if path.is_dir() else path.parent for path in paths if path.exists()}:
                break


def _counts(changed: Path, paths: Sequence[Path], directory: Path) -> bool:
    """Whether a change there may be one of an article."""
    if changed.is_relative_to(directory.absolute()):
        return False
    for path in paths:
        root = path.absolute()
        if changed == root:
            return True
        if changed.is_relative_to(root):
            return not any(part.startswith(".") for part in changed.relative_to(root).parts)
    return False
