"""The engines that the suite is run on, and the plain-Python model that they are held against.

Another engine is added to ENGINES: a class with `open`, which gives the engine of a fresh or an existing index in a
folder, as the same process or another would find it after `close`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from index.dense.plan import Sizes
from index.engines.embedded import EmbeddedEngine, open_for_writing
from index.engines.milvus.engine import MilvusEngine
from index.engines.milvus.opening import write_milvus
from index.layout import TRUTH
from index.lock import WriterLock
from index.schema import create_truth
from index.types import EncodedDocument, Engine, Filter

DIMENSION = 16


class Backend(Protocol):
    exact: bool
    """Whether a dense search without a filter finds the nearest for certain."""

    def open(self) -> Engine: ...


class Embedded:
    """SQLite, FAISS and tantivy, every passage looked at."""

    exact = True

    def __init__(self, request: pytest.FixtureRequest, directory: Path) -> None:
        self._directory = directory

    def open(self) -> EmbeddedEngine:
        self._directory.mkdir(exist_ok=True)
        if not (self._directory / TRUTH).exists():
            create_truth(self._directory, encoder="bag@1", dimension=DIMENSION, chunker="c1")
        lock = WriterLock(self._directory)
        lock.acquire()
        engine = open_for_writing(self._directory, lock)
        engine.publish()
        return engine


class EmbeddedInParts(Embedded):
    """The same with parts so small that a little index is in several, and both searches of a question side by side."""

    def __init__(self, request: pytest.FixtureRequest, directory: Path) -> None:
        super().__init__(request, directory)
        monkeypatch = request.getfixturevalue("monkeypatch")
        sizes = Sizes(whole=4, exact=10**6, fold=6, graph=10**6, largest=24, growth=2)
        monkeypatch.setattr("index.dense.publishing.SIZES", sizes)
        monkeypatch.setattr("index.engines.embedded.BESIDE", 0)


class EmbeddedGraph(Embedded):
    """The same with graphs, as beyond a hundred thousand passages."""

    exact = False

    def __init__(self, request: pytest.FixtureRequest, directory: Path) -> None:
        super().__init__(request, directory)
        monkeypatch = request.getfixturevalue("monkeypatch")
        sizes = Sizes(whole=4, exact=0, fold=8, graph=24, largest=200, growth=3)
        monkeypatch.setattr("index.dense.publishing.SIZES", sizes)


class Milvus:
    """Milvus Lite in this process, through the client that a cluster is asked by."""

    exact = True

    def __init__(self, request: pytest.FixtureRequest, directory: Path) -> None:
        directory.mkdir()
        self._lite = request.getfixturevalue("lite_milvus")
        self._place = self._lite.place(directory)

    def open(self) -> MilvusEngine:
        return write_milvus(self._place, encoder="bag@1", dimension=DIMENSION, chunker="c1")


class MilvusAnew(Milvus):
    """The same, Milvus Lite ended and begun again with every opening: only what it wrote to its files counts."""

    def open(self) -> MilvusEngine:
        self._lite.end()
        return super().open()


ENGINES = {
    "embedded": Embedded,
    "embedded in parts": EmbeddedInParts,
    "embedded with graphs": EmbeddedGraph,
    "milvus": Milvus,
    "milvus begun again": MilvusAnew,
}


@pytest.fixture(params=ENGINES)
def backend(request: pytest.FixtureRequest, memory_path: Path) -> Backend:
    return ENGINES[request.param](request, memory_path / "index")


@pytest.fixture
def engine(backend: Backend) -> Iterator[Engine]:
    engine = backend.open()
    yield engine
    engine.close()


class Model:
    """What an engine holds and finds, in plain Python."""

    def __init__(self) -> None:
        self.items: dict[str, EncodedDocument] = {}

    def add(self, items: Sequence[EncodedDocument]) -> None:
        self.items |= {item.document.id: item for item in items}

    def delete(self, ids: Sequence[str]) -> None:
        for document_id in ids:
            self.items.pop(document_id, None)

    def covered(self, where: Filter | None) -> list[EncodedDocument]:
        return [
            item
            for item in self.items.values()
            if where is None or where.covers(item.document.source, item.document.published)
        ]

    def count(self) -> int:
        return sum(len(item.passages) for item in self.items.values())

    def dense(self, vector: np.ndarray, where: Filter | None = None) -> dict[str, float]:
        """The inner product of every passage covered with `vector`, stored as float16, as an engine may."""
        return {
            passage.id: float(row)
            for item in self.covered(where)
            for passage, row in zip(
                item.passages, item.vectors.astype(np.float16).astype(np.float64) @ vector, strict=True
            )
        }

    def lexical(self, words: Sequence[str], where: Filter | None = None) -> set[str]:
        """The passages covered that hold any of the words."""
        return {
            passage.id
            for item in self.covered(where)
            for passage in item.passages
            if not set(words).isdisjoint(f"{passage.context} {passage.text}".split())
        }


@pytest.fixture
def model() -> Model:
    return Model()
