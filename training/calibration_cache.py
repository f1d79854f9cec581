"""What is slow in fitting the calibration, kept in files: the searches of a question, the readings of a passage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from corpus.types import Passage, Span
from index.engines.embedded import EmbeddedEngine
from index.search import SearchSettings
from index.types import Encoder, SearchHit
from qa.types import Reader, Reading, SpanCandidate

Hits = tuple[list[SearchHit], list[SearchHit]]
"""Dense and lexical, best first."""


class Searches:
    """Both searches of each question, from the file where it has them."""

    def __init__(self, engine: EmbeddedEngine, encoder: Encoder, path: Path) -> None:
        self._engine, self._encoder, self._path = engine, encoder, path
        self._known = {row["question"]: row for row in _rows(path)}

    def of(self, question: str) -> Hits:
        """Dense and lexical hits, as deep as the product searches."""
        if question not in self._known:
            depth = SearchSettings().candidates
            dense = self._engine.search_dense(self._encoder.encode([question])[0], depth)
            lexical = self._engine.search_lexical(question, depth)
            row = {"question": question} | {
                name: [[hit.passage_id, hit.score] for hit in found]
                for name, found in (("dense", dense), ("lexical", lexical))
            }
            self._known[question] = row
            _append(self._path, row)
        row = self._known[question]
        return [SearchHit(*hit) for hit in row["dense"]], [SearchHit(*hit) for hit in row["lexical"]]


class Readings:
    """One reading for each question and passage, from the file where it has them."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self._reader, self._path = reader, path
        self._known = {(row["question"], row["passage"]): row for row in _rows(path)}

    def of(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """A reading a passage, in the order given; a reading depends on nothing else, so each is made once."""
        missing = [passage for passage in passages if (question, passage.id) not in self._known]
        for reading in self._reader.read(question, missing):
            row = {
                "question": question,
                "passage": reading.passage.id,
                "relevance": reading.relevance,
                "candidates": [[one.span.start, one.span.end, one.score] for one in reading.candidates],
            }
            self._known[question, reading.passage.id] = row
            _append(self._path, row)
        return [self._reading(question, passage) for passage in passages]

    def _reading(self, question: str, passage: Passage) -> Reading:
        row = self._known[question, passage.id]
        candidates = tuple(SpanCandidate(Span(start, end), score) for start, end, score in row["candidates"])
        return Reading(passage, candidates, row["relevance"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a cache file; a last line that a stop cut short is taken off it."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    for line in whole.splitlines():
        yield json.loads(line)


def _append(path: Path, row: Mapping[str, object]) -> None:
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def cache_mark(fingerprint: str) -> str:
    """A fingerprint as part of a file name."""
    return f"{crc32(fingerprint.encode()):08x}"
