"""Looking at the folder as a whole once a build has stored its articles: what repeats, and what is told twice.

Both follow from the set of articles alone, so it does not matter in which order, or in how many builds, they came. What
was cut otherwise before is cut anew here, in batches like any other; killed half-way, the next build goes on. What is
looked at is what the build's changes can have changed; where these are not known, it is everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.metadata import retitled
from corpus.repetition import repeated_spans
from corpus.types import Span
from index.batch import Batch
from index.copies import copies
from index.engines.embedded import EmbeddedEngine
from index.folder_tables import Findings
from index.tallies import signed
from index.traits import Traits, TraitsDamagedError, traits_of

_AT_ONCE = 1000
"""Traits stored in one transaction, where an index of before has none."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is to be looked at: the ids of documents whose cut may be another, besides those of stirred sites."""

    sites: Sequence[int]
    documents: frozenset[str]
    unsure: frozenset[str] = frozenset()
    """How these were cut is not known any more: they are cut anew, whatever comes out."""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class _Recut:
    """A document that is to be cut anew."""

    source: str
    document_id: str
    before: tuple[Span, ...]
    wanted: tuple[Span, ...]


def settle(engine: EmbeddedEngine, batch: Batch) -> tuple[str, ...]:
    """Bring what hangs on the whole folder level with it; returns the sources of the documents cut anew, in order."""
    if engine.folder.settled():
        return ()
    tally = engine.folder.tally
    if tally.known:
        try:
            return _settle(engine, batch, _Look(sorted(tally.sites), frozenset(tally.fresh)))
        except TraitsDamagedError:
            pass  # which ones, a look at everything will tell
    return _settle(engine, batch, _look_at_everything(engine))


def _settle(engine: EmbeddedEngine, batch: Batch, look: _Look) -> tuple[str, ...]:
    furniture = {site: engine.folder.furniture.by_the_rule(site) for site in look.sites}
    changed = {site: lines for site, lines in furniture.items() if lines != engine.folder.furniture.on_record(site)}
    recut = sorted(_to_cut(engine, look, furniture, _with_other_lines(engine, changed)), key=lambda item: item.source)
    files = engine.files([item.source for item in recut])
    for item in recut:
        document = retitled(engine.document(item.document_id), item.before, item.wanted)
        batch.add(document, files.get(item.source), item.wanted)
    batch.commit()
    stories = None if look.everything or not engine.folder.tally.known else sorted(engine.folder.tally.stories)
    engine.settle(Findings(changed, copies(engine.folder.candidates(stories)), stories))
    return tuple(item.source for item in recut)


def _look_at_everything(engine: EmbeddedEngine) -> _Look:
    """Make traits and counts complete, whatever state they are in."""
    unsure = frozenset(engine.folder.damaged())
    _complete(engine, sorted(unsure))
    engine.recount()
    return _Look(engine.folder.furniture.sites(), frozenset(engine.folder.cut()) | unsure, unsure, everything=True)


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


def _with_other_lines(engine: EmbeddedEngine, changed: dict[int, frozenset[int]]) -> set[str]:
    """Ids of the documents with a line that has become furniture, or is it no longer."""
    furniture = engine.folder.furniture
    flipped = ((site, line) for site, lines in changed.items() for line in lines ^ furniture.on_record(site))
    return {document_id for site, line in flipped for document_id in furniture.articles(site, line)}


def _to_cut(
    engine: EmbeddedEngine, look: _Look, furniture: dict[int, frozenset[int]], others: Iterable[str]
) -> Iterator[_Recut]:
    """The documents that are to be cut without other lines than they were."""
    for document_id, source, traits in engine.folder.traits(sorted({*look.documents, *others})):
        lines = furniture[signed(traits.site)]
        own = [line for line in traits.lines if signed(line) in lines]
        wanted = repeated_spans(traits.edges, own) if own else ()
        if wanted != traits.repeated or document_id in look.unsure:
            yield _Recut(source, document_id, traits.repeated, wanted)
