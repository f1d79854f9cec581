from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.types import Document, Passage, Span
from index import open_index
from index.engines.embedded import EmbeddedEngine
from index.layout import TRUTH
from index.types import EncodedDocument, Encoder, Vectors


class BagOfWords:
    """A tiny deterministic encoder: each word is a direction, a text their sum; counts what it is asked to encode."""

    def __init__(self, name: str = "bag", dimension: int = 16, seconds_a_text: float = 0.0) -> None:
        self.fingerprint = f"{name}@1"
        self.dimension = dimension
        self.encoded: list[str] = []
        self._pause = seconds_a_text

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        if self._pause:
            time.sleep(self._pause * len(texts))
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for index, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4], "big")
                rows[index] += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
            rows[index] /= np.linalg.norm(rows[index])
        return rows


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """A folder where an fsync costs nothing, on systems that have one: for tests of thousands of commits."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


@pytest.fixture
def encoder() -> BagOfWords:
    return BagOfWords()


@pytest.fixture(scope="session")
def real_encoder() -> Encoder:
    from index.encoder import open_encoder

    return open_encoder()


@pytest.fixture
def put() -> Callable[[Path, bytes], None]:
    """Give a file of an index other bytes, by putting another file in its place.

    Never into the file itself: whoever opened the index may have it mapped (tantivy for a moment longer than it is
    asked to, in a thread of its own), and a file cut short under its mapping kills the process with SIGBUS.
    """

    def replace(path: Path, content: bytes) -> None:
        other = path.with_name(f"{path.name}.other")
        other.write_bytes(content)
        other.replace(path)

    return replace


Encode = Callable[..., EncodedDocument]


@pytest.fixture
def encoded(encoder: BagOfWords) -> Encode:
    """Makes a document of one passage a line, with its vectors."""

    def make(source: str, text: str, title: str = "", published: date | None = None) -> EncodedDocument:
        document = Document.create(source=source, text=text, title=title, published=published)
        passages, start = [], 0
        for line in text.split("\n"):
            if line.strip():
                passages.append(Passage.of(document, Span(start, start + len(line)), title))
            start += len(line) + 1
        inputs = [f"{p.context}\n{p.text}" if p.context else p.text for p in passages]
        return EncodedDocument(document, tuple(passages), encoder.encode(inputs))

    return make


@pytest.fixture
def contents() -> Callable[[Path], list[object]]:
    """All that a reader can see of an index, keys and generations aside."""

    def read(directory: Path) -> list[object]:
        with open_index(directory) as engine:
            documents = list(engine.documents())
            ids = [document.id for document in documents]
            sql = """SELECT p.id, p.context, v.input, v.vector
                     FROM passages p JOIN vectors v ON v.key = p.key ORDER BY p.id"""
            rows = sqlite3.connect(directory / TRUTH).execute(sql)
            return [documents, rows.fetchall(), [engine.repeated(key) for key in ids], engine.copies(ids)]

    return read


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "tram.txt").write_text("The tram line\n\nThe tram opened in Marrowick. It cost 48 million pounds.\n")
    (folder / "salt.txt").write_text("A salt battery\n\nThe battery at Dunfell keeps heat in molten salt for a week.\n")
    (folder / "gallery.txt").write_text("At the gallery\n\nSeventy thousand people came to see old woven cloth.\n")
    return folder


@pytest.fixture
def interrupted_after():
    """Let so many calls of the engine's methods named go through, all together, and interrupt the next one."""

    @contextmanager
    def patched(calls, *names):
        left = iter(range(calls))

        def counted(real):
            def call(*arguments, **options):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                return real(*arguments, **options)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for name in names:
                patch.setattr(EmbeddedEngine, name, counted(getattr(EmbeddedEngine, name)))
            yield

    return patched
