"""Several truths read beside one another, as shards are: of one encoder, and no article in two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from corpus.errors import EncoderMismatchError, UsageError
from index.schema import Identity
from index.store import Store
from index.stored import Stored, stored_documents


@contextmanager
def opened(directories: Sequence[Path]) -> Iterator[list[Store]]:
    """The truths in `directories`, open for reading; raises IndexUnavailableError."""
    with ExitStack() as open_ones:
        stores = []
        for directory in directories:
            stores.append(Store(directory))
            open_ones.callback(stores[-1].close)
        yield stores


def of_one_encoder(stores: Sequence[Store]) -> Identity:
    """What the first of them was made of; raises EncoderMismatchError unless one encoder made all."""
    first = stores[0].identity
    for store in stores:
        if (store.identity.encoder, store.identity.dimension) != (first.encoder, first.dimension):
            raise EncoderMismatchError(
                f"{stores[0].directory} was made by encoder {first.encoder}, {store.directory} by "
                f"{store.identity.encoder}: bring in those of one encoder"
            )
    return first


def documents_of_each(stores: Sequence[Store], *, copies: bool = True) -> Iterator[tuple[Store, list[Stored]]]:
    """The documents of each truth, as `stored_documents` gives them; raises UsageError for one that is in two."""
    seen: dict[str, Path] = {}
    for store in stores:
        found = stored_documents(store, copies=copies)
        for one in found:
            if one.id in seen:
                raise UsageError(f"{one.source} is in {seen[one.id]} and in {store.directory}; bring in one of the two")
            seen[one.id] = store.directory
        yield store, found
