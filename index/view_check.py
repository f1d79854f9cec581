"""Reading the views through: their stamps, the bytes of their files, and every key in them beside the truth's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from index.dense.files import load_part, part_is_whole
from index.dense.stamp import DenseStamp, Part, read_dense_stamp
from index.layout import DENSE_STAMP, LEXICAL
from index.lexical import LexicalIndex
from index.segments import segments_are_whole
from index.store import Store
from index.trust import Trust
from index.types import Damage
from index.vectors import Keys


def view_damage(store: Store) -> Iterator[Damage]:
    """What is damaged in either view; a view that is merely behind is not."""
    keys = store.vectors.keys()
    yield from _dense_damage(store, keys)
    yield from _lexical_damage(store, keys)


def views_behind(store: Store) -> tuple[str, ...]:
    """The views that are not at the truth's generation, or were not written yet."""
    generation = store.generation()
    stamp = read_dense_stamp(store.directory)
    behind = [] if stamp is not None and stamp.generation == generation else ["dense"]
    lexical = _open_lexical(store)
    words = lexical.stamp() if lexical is not None else None
    return (*behind, *([] if words is not None and words.generation == generation else ["lexical"]))


def _dense_damage(store: Store, keys: Keys) -> Iterator[Damage]:
    stamp = read_dense_stamp(store.directory)
    if stamp is None:
        if (store.directory / DENSE_STAMP).exists():
            yield Damage("dense", f"{DENSE_STAMP} cannot be read")
        return
    if strange := _strange(store, stamp.index_id, stamp.generation):
        yield Damage("dense", strange)
        return
    for part in stamp.parts:
        yield from _part_damage(store, stamp, part, keys)
    if stamp.generation == store.generation() and stamp.count != len(keys):
        yield Damage("dense", f"it counts {stamp.count} passages, the truth holds {len(keys)}")


def _part_damage(store: Store, stamp: DenseStamp, part: Part, keys: Keys) -> Iterator[Damage]:
    if not part_is_whole(store.directory, part, Trust(store.directory)):
        yield Damage("dense", f"{part.file} is missing or does not have the bytes that were written")
        return
    loaded = load_part(store.directory, part, store.identity.dimension)
    if loaded is None:
        yield Damage("dense", f"{part.file} cannot be read as {part.rows} vectors of {store.identity.dimension}")
        return
    held = loaded.keys()
    living = keys[(keys >= part.first) & (keys <= part.last)]
    if missing := len(np.setdiff1d(living, held)):
        yield Damage("dense", f"{part.file} lacks {missing} passages")
    if stamp.generation >= store.removals_from():
        died = part.dead + store.vectors.removed_between(part.first, part.last, stamp.generation)
        if (dangling := len(np.setdiff1d(held, living)) - died) > 0:
            yield Damage("dense", f"{part.file} holds {dangling} passages that the truth has not")


def _lexical_damage(store: Store, keys: Keys) -> Iterator[Damage]:
    path = store.directory / LEXICAL
    if not path.is_dir() or not any(path.iterdir()):
        return
    lexical = _open_lexical(store) if segments_are_whole(path) else None
    if lexical is None:
        yield Damage("lexical", "its files are missing or do not have the bytes that were written")
        return
    stamp = lexical.stamp()
    if stamp is None:
        yield Damage("lexical", "it has no stamp")
    elif strange := _strange(store, stamp.index_id, stamp.generation):
        yield Damage("lexical", strange)
    elif stamp.generation == store.generation():
        held = lexical.keys()
        if missing := len(np.setdiff1d(keys, held)):
            yield Damage("lexical", f"it lacks {missing} passages")
        if dangling := len(held) - len(np.intersect1d(held, keys)):
            yield Damage("lexical", f"it holds {dangling} passages that the truth has not")


def _open_lexical(store: Store) -> LexicalIndex | None:
    path = store.directory / LEXICAL
    try:
        return LexicalIndex(path) if path.is_dir() else None
    except ValueError:  # tantivy's word for everything that is wrong with its files
        return None


def _strange(store: Store, index_id: str, generation: int) -> str | None:
    if index_id != store.identity.index_id:
        return "it belongs to another index"
    if generation > store.generation():
        return f"it is of generation {generation}, after the truth's {store.generation()}"
    return None
