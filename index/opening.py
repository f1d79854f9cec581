"""Opening an index to ask it, and looking at its state without changing it."""

from __future__ import annotations

from pathlib import Path

from index.dense import dense_is_whole, read_dense_stamp
from index.engines.embedded import EmbeddedEngine, mend
from index.layout import LEXICAL, TRUTH, dense_file, size_of
from index.lexical import LexicalIndex
from index.schema import check_encoder
from index.segments import segments_are_whole
from index.store import Store
from index.types import Encoder, IndexStatus, ViewHealth


def open_index(directory: Path | str, encoder: Encoder | None = None) -> EmbeddedEngine:
    """Open the index for reading; views that are missing, damaged or behind are mended or kept in memory.

    Raises IndexUnavailableError where there is no index, one of another format, or a damaged one, and, where an
    encoder is given, EncoderMismatchError when another one made the index.
    """
    directory = Path(directory)
    store = Store(directory)
    try:
        if encoder is not None:
            check_encoder(store.identity, encoder, directory)
        with store.snapshot():
            level = all(view.ok for view in _views(store))
    finally:
        store.close()
    if not level:
        mend(directory)
    return EmbeddedEngine(directory)


def status(directory: Path | str) -> IndexStatus:
    """What the index at `directory` holds and how its views are; raises IndexUnavailableError where there is none."""
    directory = Path(directory)
    store = Store(directory)
    try:
        with store.snapshot():
            return IndexStatus(
                directory=str(directory),
                documents=store.count_documents(),
                passages=store.count(),
                encoder=store.identity.encoder,
                dimension=store.identity.dimension,
                generation=store.generation(),
                truth_bytes=sum(size_of(directory / f"{TRUTH}{suffix}") for suffix in ("", "-wal")),
                views=_views(store),
            )
    finally:
        store.close()


def _views(store: Store) -> tuple[ViewHealth, ...]:
    generation, count = store.generation(), store.count()
    return (_dense(store, generation, count), _lexical(store, generation, count))


def _dense(store: Store, generation: int, count: int) -> ViewHealth:
    stamp = read_dense_stamp(store.directory)
    if stamp is None or stamp.index_id != store.identity.index_id:
        return ViewHealth("dense", ok=False, generation=None, count=None, bytes=0)
    whole = dense_is_whole(store.directory, stamp)
    ok = whole and (stamp.generation, stamp.count) == (generation, count)
    size = size_of(store.directory / dense_file(stamp.generation))
    return ViewHealth("dense", ok=ok, generation=stamp.generation, count=stamp.count, bytes=size)


def _lexical(store: Store, generation: int, count: int) -> ViewHealth:
    path = store.directory / LEXICAL
    size = size_of(path)
    if segments_are_whole(path):
        try:
            lexical = LexicalIndex(path)
            stamp = lexical.stamp()
        except ValueError:
            stamp = None
        if stamp is not None and stamp.index_id == store.identity.index_id:
            ok = (stamp.generation, len(lexical)) == (generation, count)
            return ViewHealth("lexical", ok=ok, generation=stamp.generation, count=len(lexical), bytes=size)
    return ViewHealth("lexical", ok=False, generation=None, count=None, bytes=size)
