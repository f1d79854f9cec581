"""What must hold of an index after its build was killed or starved, and once the next build has finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.bag_encoder import BagEncoder
from benchmarks.fault_child import SMALL_PASSAGES
from benchmarks.fault_library import Library
from corpus.chunking import chunk
from corpus.loaders import load
from index import build, check, hybrid_search, open_index
from index.builder import BuildSettings
from index.encoder import encoder_input
from index.layout import TRUTH
from index.schema import holds_tables
from index.store import Store
from index.types import ScoredPassage

QUESTIONS = ("tram of salt", "number harbour", "quarry meadow turbine", "council")


class BrokenPromiseError(AssertionError):
    """Something that must hold after a fault does not."""


def check_after_fault(directory: Path, library: Library, reached: int) -> None:
    """After a fault: it opens, nothing committed is lost, nothing is half-visible, and a check finds nothing.

    `reached` is the last generation that the build said was committed.
    """
    if not (directory / TRUTH).exists() or not holds_tables(directory):
        _must(reached == 0 and not library.settled, "a committed index is gone")
        return
    with open_index(directory) as engine:
        _must(engine.generation() >= reached, f"generation {reached} was committed, {engine.generation()} is there")
        held = {document.source: document.text for document in engine.documents()}
        present = library.present()
        for source, text in held.items():
            met = [texts[source].strip() for texts in (library.settled, present) if source in texts]
            _must(text.strip() in met, f"{source} is neither as it was nor as it is")
        for source in library.settled.keys() & present.keys():
            _must(source in held or library.settled[source] != present[source], f"{source} was lost")
        for question in QUESTIONS:
            for hit in hybrid_search(engine, BagEncoder(), question, 20):
                _must(hit.passage.text in held[engine.document(hit.passage.document_id).source], "a passage is torn")
    report = check(directory)
    _must(report.damage == () and report.behind == (), f"a check finds {report}")


def finish(directory: Path, library: Library, anew: Path) -> int:
    """Build to the end and compare with an index made at once in `anew`; returns how many passages were embedded.

    Every passage whose vector was committed must not be embedded again.
    """
    inputs = _inputs(library)
    missing = inputs - _known(directory, inputs)
    encoder = BagEncoder()
    settings = BuildSettings(passages=SMALL_PASSAGES)
    build([library.folder], directory, encoder=encoder, settings=settings)
    _must(encoder.encoded == len(missing), f"{encoder.encoded} passages embedded, {len(missing)} were missing")
    build([library.folder], anew, encoder=BagEncoder(), settings=settings)
    _must(_everything(directory) == _everything(anew), "the finished index is not that of an undisturbed build")
    _must(check(directory).damage == (), "a check of the finished index finds damage")
    return encoder.encoded


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenPromiseError(otherwise)


def _inputs(library: Library) -> set[str]:
    encoder = BagEncoder()
    documents = [load(Path(source)) for source in library.present()]
    return {
        encoder_input(passage)
        for document in documents
        for passage in chunk(document, encoder.count_tokens, settings=SMALL_PASSAGES)
    }


def _known(directory: Path, inputs: set[str]) -> set[str]:
    if not (directory / TRUTH).exists() or not holds_tables(directory):
        return set()
    store = Store(directory)
    try:
        return set(store.vectors.of_inputs(sorted(inputs)))
    finally:
        store.close()


def _everything(directory: Path) -> list[Any]:
    """All that an index holds and answers, but its keys and generations."""
    store = Store(directory)
    rows = [(row.context, row.text) for row in store.rows_since(0)]
    texts = [f"{context}\n{text}" if context else text for context, text in rows]
    vectors = {text: row.tobytes() for text, row in store.vectors.of_inputs(texts).items()}
    documents = [store.document(document_id) for document_id in store.document_ids()]
    store.close()
    with open_index(directory) as engine:
        answers: list[list[ScoredPassage]] = [
            hybrid_search(engine, BagEncoder(), question, 30) for question in QUESTIONS
        ]
    return [documents, rows, vectors, answers]
