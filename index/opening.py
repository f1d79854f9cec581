"""Opening an index to ask it, and looking at its state without changing it."""

from __future__ import annotations

from pathlib import Path

from index.engines.embedded import EmbeddedEngine, mend
from index.health import views_of
from index.layout import TRUTH, size_of
from index.schema import check_encoder
from index.store import Store
from index.types import Encoder, IndexStatus


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
            level = all(view.ok for view in views_of(store))
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
                views=views_of(store),
            )
    finally:
        store.close()
