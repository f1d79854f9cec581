"""Looking at the folder as a whole once a build has stored its articles: what repeats, and what is told twice.

Both follow from the set of articles alone, so it does not matter in which order, or in how many builds, they came. What
was cut otherwise before is cut anew here, in batches like any other; killed half-way, the next build goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.metadata import retitled
from corpus.repetition import MIN_STORIES, repeated_lines, repeated_spans
from corpus.types import Span
from index.batch import Batch
from index.copies import copies
from index.engines.embedded import EmbeddedEngine
from index.traits import Traits, lines_of, site_of, traits_of

_AT_ONCE = 1000
"""Traits stored in one transaction, where an index of before has none."""


def settle(engine: EmbeddedEngine, batch: Batch) -> tuple[str, ...]:
    """Bring what hangs on the whole folder level with it; returns the sources of the documents cut anew, in order."""
    if engine.folder.settled():
        return ()
    # How they were cut is not known any more: they are cut anew, whatever comes out.
    unsure = set(engine.folder.damaged())
    _complete(engine, sorted(unsure))
    recut = [
        (document_id, traits.repeated, wanted)
        for document_id, traits, wanted in _wanted(engine, unsure)
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


def _wanted(engine: EmbeddedEngine, unsure: set[str]) -> Iterator[tuple[str, Traits, tuple[Span, ...]]]:
    """The documents that could be cut otherwise, with their traits and the lines that they should be cut without."""
    lines = _Lines.of(engine)
    often = lines.often()
    repeated = repeated_lines((traits.page for _, traits in engine.folder.traits(sorted(often))), lines.sizes)
    for document_id, traits in engine.folder.traits(sorted({*often, *lines.cut, *unsure})):
        own = [line for line in traits.lines if (traits.site, line) in repeated]
        yield document_id, traits, repeated_spans(traits.edges, own) if own else ()


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines near the ends of all documents, 12 bytes each: tables of a million articles' would fill the memory."""

    ids: list[str]
    marks: NDArray[np.uint64]
    """A number for each line together with its site."""
    owners: NDArray[np.int32]
    """Whose line it is, as a place in `ids`."""
    sizes: Counter[int]
    """How many documents each site has."""
    cut: list[str]
    """Documents that were cut without some of their lines."""

    @classmethod
    def of(cls, engine: EmbeddedEngine) -> _Lines:
        """Of every document of the index."""
        ids: list[str] = []
        marks: list[NDArray[np.uint64]] = []
        sizes: Counter[int] = Counter()
        cut: list[str] = []
        for document_id, columns in engine.folder.packed():
            site = site_of(columns)
            sizes[site] += 1
            ids.append(document_id)
            marks.append(np.unique(lines_of(columns)) ^ np.uint64(site))
            if columns[0]:
                cut.append(document_id)
        owners = np.repeat(np.arange(len(ids), dtype=np.int32), [len(one) for one in marks])
        return cls(ids, np.concatenate(marks) if marks else np.empty(0, np.uint64), owners, sizes, cut)

    def often(self) -> list[str]:
        """The documents with a line that stands in as many of a site as stories are needed at least."""
        values, counts = np.unique(self.marks, return_counts=True)
        found = np.isin(self.marks, values[counts >= MIN_STORIES])
        return [self.ids[number] for number in np.unique(self.owners[found])]
