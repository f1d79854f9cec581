"""Looking at the folder as a whole once a build has stored its articles: what repeats, and what is told twice.

Both follow from the set of articles alone, so it does not matter in which order, or in how many builds, they came. What
was cut otherwise before is cut anew here, in batches like any other; killed half-way, the next build goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from corpus.metadata import retitled
from corpus.repetition import MIN_STORIES, repeated_lines, repeated_spans
from corpus.types import Span
from index.batch import Batch
from index.copies import copies
from index.engines.embedded import EmbeddedEngine
from index.traits import Traits, traits_of

_AT_ONCE = 1000
"""Traits stored in one transaction, where an index of before has none."""


def settle(engine: EmbeddedEngine, batch: Batch) -> tuple[str, ...]:
    """Bring what hangs on the whole folder level with it; returns the sources of the documents cut anew, in order."""
    if engine.folder.settled():
        return ()
    unsure = set(engine.folder.damaged())
    _complete(engine, sorted(unsure))
    recut = [
        (document_id, traits.repeated, wanted)
        for document_id, traits, wanted in _wanted(engine)
        if wanted != traits.repeated or document_id in unsure
    ]
    files = engine.files() if recut else {}
    sources = []
    for document_id, before, wanted in recut:
        document = engine.document(document_id)
        batch.add(retitled(document, before, wanted), files.get(document.source), wanted)
        sources.append(document.source)
    batch.commit()
    found = copies(engine.folder.candidates())
    changed = sorted([group[0], *sorted(group[1:])] for group in found) != engine.folder.groups()
    engine.settle(found if changed else None)
    return tuple(sorted(sources))


def _complete(engine: EmbeddedEngine, damaged: list[str]) -> None:
    """Make the traits that are missing, of other rules or damaged; where the document was cut stays on record."""
    lacking = dict.fromkeys([*damaged, *engine.folder.lacking()])
    found: list[tuple[str, Traits]] = []
    for document_id in lacking:
        found.append((document_id, traits_of(engine.document(document_id), engine.folder.repeated(document_id))))
        if len(found) == _AT_ONCE:
            engine.keep_traits(found)
            found.clear()
    engine.keep_traits(found)


def _wanted(engine: EmbeddedEngine) -> Iterator[tuple[str, Traits, tuple[Span, ...]]]:
    """Every document with its traits and the lines that it should be cut without."""
    sizes: Counter[int] = Counter()
    often = _often(engine, sizes)
    pages = (traits.page for _, traits in engine.folder.traits() if not often.isdisjoint(_marks(traits)))
    repeated = repeated_lines(pages, sizes)
    for document_id, traits in engine.folder.traits():
        lines = [line for line in traits.lines if (traits.site, line) in repeated]
        yield document_id, traits, repeated_spans(traits.edges, lines) if lines else ()


def _often(engine: EmbeddedEngine, sizes: Counter[int]) -> set[int]:
    """Marks of the lines that stand in enough articles of a site to be worth counting; fills in the sites' sizes.

    Counted in one array of 8 bytes a line: a table of a million articles' lines would not fit into memory.
    """
    marks: list[np.ndarray[tuple[int, ...], np.dtype[np.uint64]]] = []
    for _, traits in engine.folder.traits():
        sizes[traits.site] += 1
        marks.append(np.array(_marks(traits), dtype=np.uint64))
    if not marks:
        return set()
    values, counts = np.unique(np.concatenate(marks), return_counts=True)
    return {int(value) for value in values[counts >= MIN_STORIES]}


def _marks(traits: Traits) -> list[int]:
    """One number for each line together with the site."""
    return [line ^ traits.site for line in traits.lines]
