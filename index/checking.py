"""`citespan status --check` and `citespan repair`: what is damaged, and writing the views anew from the truth."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexDamagedError
from index.commits import transaction
from index.failures import storage_errors
from index.layout import DENSE_STAMP, LEXICAL, TRUSTED
from index.lock import WriterLock
from index.store import Store
from index.tally_check import tally_damage
from index.truth_check import structure_damage, truth_damage
from index.types import CheckReport, Damage, RepairReport
from index.view_check import view_damage, views_behind
from index.views import Views

NAMED = 3
"""Damaged documents that one line names."""


def check(directory: Path | str) -> CheckReport:
    """Read everything through and change nothing. No build may run meanwhile.

    Raises IndexUnavailableError where there is no index, IndexLockedError where another process writes.
    """
    directory = Path(directory)
    store = Store(directory)
    try:
        with _undisturbed(directory), store.snapshot():
            damage = (*truth_damage(store), *tally_damage(store), *view_damage(store))
            return CheckReport(damage, views_behind(store))
    finally:
        store.close()


def repair(directory: Path | str) -> RepairReport:
    """Write both views anew from the truth, which is read through before.

    A damaged truth is refused: IndexDamagedError names the documents, whose files the next build reads whatever they
    look like. Raises IndexUnavailableError, IndexLockedError and StorageError.
    """
    directory = Path(directory)
    Store(directory).close()  # where there is no index, none is made and no lock is left
    lock = WriterLock(directory)
    with storage_errors(directory):
        lock.acquire()
    try:
        store = Store(directory, writable=True)
        try:
            store.unsettle()  # what is kept of the folder as a whole, the next build makes anew
            _refuse_damage(store)
            _clear(directory)
            Views(store, writes=True).publish()
            left = list(view_damage(store))
            if left:
                raise IndexDamagedError(
                    f"the views of the index at {directory} were written anew and are damaged again ({left[0].what}): "
                    "check the disk"
                )
            return RepairReport(store.count_documents(), store.count(), store.generation())
        finally:
            store.close()
    finally:
        lock.release()


def _refuse_damage(store: Store) -> None:
    if any(structure_damage(store)):
        # Where only an index of SQLite's is at fault, it can be made again from the rows.
        with storage_errors(store.directory):
            store.rows.connection.execute("REINDEX")
    damage = list(truth_damage(store))
    if not damage:
        return
    documents = [fault for fault in damage if fault.document is not None]
    if len(documents) < len(damage):
        fault = next(fault for fault in damage if fault.document is None)
        raise store.rows.damaged(fault.what)
    _forget_files(store, documents)
    raise store.rows.damaged(
        "; ".join(f"document {fault.document} ({fault.source}): {fault.what}" for fault in documents[:NAMED])
        + (f"; and {len(documents) - NAMED} more documents" if len(documents) > NAMED else ""),
        "`citespan build` reads their files anew, and with --prune drops those whose files are gone",
    )


def _forget_files(store: Store, documents: Sequence[Damage]) -> None:
    """Let the next build read these documents' files, though they look as they did."""
    with storage_errors(store.directory), transaction(store.rows.connection):
        sources = [(fault.source,) for fault in documents]
        store.rows.connection.executemany("UPDATE files SET size = NULL, sha256 = x'' WHERE source = ?", sources)


def _clear(directory: Path) -> None:
    with storage_errors(directory):
        for path in (directory / DENSE_STAMP, directory / TRUSTED, *directory.glob("dense-*.faiss")):
            path.unlink(missing_ok=True)
        shutil.rmtree(directory / LEXICAL, ignore_errors=True)


@contextmanager
def _undisturbed(directory: Path) -> Iterator[None]:
    """Keep writers out, unless the directory is read-only, which keeps them out as well."""
    lock = WriterLock(directory)
    if not os.access(directory, os.W_OK):
        yield
        return
    with storage_errors(directory):
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
