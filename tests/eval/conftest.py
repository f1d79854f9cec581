"""A small set with its articles, and a pipeline that answers from a table: runs without a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from corpus.types import Span
from eval.settings import RunSettings
from eval.workbench import Parts
from index.types import Vectors
from qa.retriever import Retriever
from qa.types import Alternative, Answer, Citation, Timings

ARTICLES = {
    "tram.txt": "The tram line\n\nThe tram opened in Marrowick on Monday. It cost 48 million pounds.\n",
    "salt.txt": "A salt battery\n\nThe battery at Dunfell stores heat in molten salt for a week. Ana Ruiz built it.\n",
    "gallery.txt": "At the gallery\n\nSeventy thousand people came to see old woven cloth from Linden.\n",
}
ROWS = [
    {"id": "q1", "question": "What did the tram cost?", "answers": ["48 million pounds"], "document": "tram.txt"},
    {
        "id": "q2",
        "question": "Who built the battery?",
        "answers": ["Ana Ruiz"],
        "document": "salt.txt",
        "kind": "person",
    },
    {
        "id": "q3",
        "question": "How many people saw the cloth?",
        "answers": ["Seventy thousand"],
        "document": "gallery.txt",
    },
    {"id": "q4", "question": "Who designed the tram?", "answers": [], "document": None, "distractor": "tram.txt"},
    {"id": "q5", "question": "When did the harbour open?", "answers": ["1904"], "document": "harbour.txt"},
    {"id": "q6", "question": "What is stored in molten salt?", "answers": ["heat"], "document": "salt.txt"},
]
# What the table pipeline says: the words, and how sure it is. Below 0.5 it abstains.
SAYS = {
    "What did the tram cost?": ("48 million pounds", 0.9),
    "Who built the battery?": ("molten salt", 0.6),
    "How many people saw the cloth?": ("Seventy thousand people", 0.4),
    "Who designed the tram?": ("Marrowick", 0.7),
    "When did the harbour open?": ("Monday", 0.3),
    "What is stored in molten salt?": ("heat", 0.95),
}


class BagOfWords:
    """A tiny deterministic encoder: each word is a direction, a text their sum."""

    fingerprint = "bag@1"
    dimension = 32

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                rows[row] += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
            rows[row] /= np.linalg.norm(rows[row])
        return rows


class TablePipeline:
    """Says what the table says, cited from the first passage found that holds the words."""

    def __init__(self, retriever: Retriever, asked: list[str], says: dict[str, tuple[str, float]]) -> None:
        self._retriever = retriever
        self._asked = asked
        self._says = says

    def ask(self, question: str, *, top_k: int | None = None, target_error: float | None = None) -> Answer:
        self._asked.append(question)
        found = self._retriever.search(question, top_k or 10)
        words, confidence = self._says[question]
        holding = [scored.passage for scored in found if words in scored.passage.text]
        candidates = [self._candidate(words, confidence, passage) for passage in holding[:1]]
        answered = bool(candidates) and confidence >= 0.5
        return Answer(
            question=question,
            text=words if answered else None,
            confidence=confidence if candidates else 0.0,
            citations=tuple(one.citation for one in candidates) if answered else (),
            alternatives=() if answered else tuple(candidates),
            reason=None if answered else "Not sure enough.",
            timings=Timings(2.0, 10.0, 12.5),
            nearest=tuple(found),
        )

    def _candidate(self, words, confidence, passage):
        document = self._retriever.document(passage.document_id)
        start = passage.span.start + passage.text.index(words)
        citation = Citation(
            document_id=document.id,
            title=document.title,
            source=document.source,
            published=None,
            document_sha256=document.sha256,
            span=Span(start, start + len(words)),
            quote=words,
            passage=passage.span,
            passage_text=passage.text,
            score=confidence,
        )
        return Alternative(words, confidence, citation)


@dataclass
class Bench:
    """A folder of articles, their index, a set of questions, and a pipeline that answers from a table."""

    folder: Path
    encoder: BagOfWords = field(default_factory=BagOfWords)
    asked: list[str] = field(default_factory=list)
    """Every question that the pipeline was asked."""
    says: dict[str, tuple[str, float]] = field(default_factory=lambda: dict(SAYS))

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def parts(self) -> Parts:
        return Parts(
            encoder=lambda name: self.encoder,
            pipeline=lambda retriever: TablePipeline(retriever, self.asked, self.says),
        )

    def write_article(self, name: str, text: str) -> None:
        self.articles.mkdir(exist_ok=True)
        (self.articles / name).write_text(text, encoding="utf-8")

    def write_rows(self, rows, name: str = "set.jsonl") -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    def build(self) -> Path:
        from index import build

        build([self.articles], self.folder / "articles.index", encoder=self.encoder)
        return self.folder / "articles.index"

    def settings(self, rows) -> RunSettings:
        path = self.write_rows(rows)
        return RunSettings(dataset=f"citespan:{path}", out=self.folder / "run", index=self.build())


def bench_at(folder: Path) -> Bench:
    bench = Bench(folder)
    for name, text in ARTICLES.items():
        bench.write_article(name, text)
    return bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return bench_at(tmp_path)


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One that the tests of a file share."""
    return bench_at(tmp_path_factory.mktemp("bench"))


@pytest.fixture
def settings(bench: Bench) -> RunSettings:
    return bench.settings(ROWS)


@pytest.fixture
def parts(bench: Bench) -> Parts:
    return bench.parts


@pytest.fixture
def articles(bench: Bench) -> Path:
    return bench.articles


@pytest.fixture
def write_rows(bench: Bench) -> Callable[..., Path]:
    return bench.write_rows
