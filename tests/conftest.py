from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.engines.milvus.place import MilvusPlace


class LiteMilvus:
    """Milvus Lite inside this process, for tests: the client is the one that a cluster is asked by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._places: list[MilvusPlace] = []
        _score_as_a_cluster_does(monkeypatch)

    def place(self, folder: Path, name: str = "citespan") -> MilvusPlace:
        place = MilvusPlace(str(folder / "lite.db"), name)
        self._places.append(place)
        return place

    def end(self) -> None:
        """Let go of all databases: the next opening reads them from their files."""
        from milvus_lite.server_manager import server_manager_instance

        for place in self._places:
            server_manager_instance.release_server(place.uri)


@pytest.fixture
def lite_milvus(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiteMilvus]:
    lite = LiteMilvus(monkeypatch)
    yield lite
    lite.end()


def _score_as_a_cluster_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a filter leave BM25 as it is: Milvus Lite counts words among the rows of its memory that pass the filter."""
    from milvus_lite.index.sparse_inverted import SparseInvertedIndex

    build: Callable[..., None] = SparseInvertedIndex.build
    search: Callable[..., object] = SparseInvertedIndex.search

    def build_of_all(self, vectors, valid_mask=None) -> None:
        build(self, vectors)
        self.passing = valid_mask

    def search_what_passes(self, queries, top_k, valid_mask=None) -> object:
        masks = [mask for mask in (getattr(self, "passing", None), valid_mask) if mask is not None]
        return search(self, queries, top_k, np.logical_and.reduce(masks) if masks else None)

    monkeypatch.setattr(SparseInvertedIndex, "build", build_of_all)
    monkeypatch.setattr(SparseInvertedIndex, "search", search_what_passes)


class MilvusServer:
    """Milvus Lite as a process of its own, which several others ask, and which can be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(self._folder / "server.db")),
                *("--host", "127.0.0.1", "--port", str(self.port)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Until it listens."""
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("Milvus Lite did not begin to listen")

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def milvus_server(tmp_path: Path) -> Iterator[MilvusServer]:
    server = MilvusServer(tmp_path)
    server.begin()
    server.wait()
    yield server
    server.end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
