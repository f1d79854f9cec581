"""How the views beside the truth are: their stamps, counts and files, without changing anything."""

from __future__ import annotations

from index.dense.files import part_is_whole
from index.dense.stamp import read_dense_stamp
from index.layout import LEXICAL, size_of
from index.lexical import LexicalIndex
from index.segments import segments_are_whole
from index.store import Store
from index.trust import Trust
from index.types import ViewHealth


def views_of(store: Store) -> tuple[ViewHealth, ...]:
    """Both views as they are beside the truth that `store` shows; files that look as they did are not read through."""
    trust = Trust.read(store.directory)
    generation, count = store.generation(), store.count()
    return (_dense(store, trust, generation, count), _lexical(store, trust, generation, count))


def _dense(store: Store, trust: Trust, generation: int, count: int) -> ViewHealth:
    stamp = read_dense_stamp(store.directory)
    if stamp is None or stamp.index_id != store.identity.index_id:
        return ViewHealth("dense", ok=False, generation=None, count=None, bytes=0)
    whole = all(part_is_whole(store.directory, part, trust) for part in stamp.parts)
    ok = whole and (stamp.generation, stamp.count) == (generation, count)
    size = sum(size_of(store.directory / part.file) for part in stamp.parts)
    return ViewHealth("dense", ok=ok, generation=stamp.generation, count=stamp.count, bytes=size)


def _lexical(store: Store, trust: Trust, generation: int, count: int) -> ViewHealth:
    path = store.directory / LEXICAL
    size = size_of(path)
    if segments_are_whole(path, trust):
        try:
            lexical = LexicalIndex(path)
            stamp = lexical.stamp()
        except ValueError:
            stamp = None
        if stamp is not None and stamp.index_id == store.identity.index_id:
            ok = (stamp.generation, len(lexical)) == (generation, count)
            return ViewHealth("lexical", ok=ok, generation=stamp.generation, count=len(lexical), bytes=size)
    return ViewHealth("lexical", ok=False, generation=None, count=None, bytes=size)
