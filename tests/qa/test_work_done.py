"""How much work an answer and a build do, counted, not timed: a count does not depend on the machine or its load.

The bounds are what was measured when they were set, with a little room; what passes them has become slower.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import eval
from corpus.chunking import chunk
from corpus.types import Document, Passage
from index import build
from index.encoder import open_encoder
from index.traits import traits_of
from index.types import Encoder, Vectors
from qa.pipeline import Pipeline
from qa.reader import OnnxReader
from qa.types import Reading

SAMPLE = Path(__file__).parents[2] / "corpus" / "sample"
SETS = Path(eval.__file__).parent / "sets" / "sample.jsonl"
EVERY = 17
"""One question in so many of the sample set: 30 of them."""
MOST_READ = 7.5
"""Passages read for a question on average, of ten found."""
MOST_PER_PASSAGE = 1.0
MOST_CALLS_CUTTING = 5000
"""Functions called for 1,000 characters of an article: cutting it, counting word-pieces, looking what it tells."""
MOST_CALLS_ASKING = 80_000
"""Functions called for a question, on the thread that asks."""
UNUSED = (
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "matplotlib",
    "scipy",
    "sklearn",
    "nltk",
    "pandas",
)
"""Slow to import, and of no use to a question."""


def calls_of(work: Callable[[], object]) -> int:
    """Functions called by `work` on this thread, Python's and the libraries': what the interpreter is busy with."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)


class Counting:
    """An encoder or a reader that counts what it is given."""

    def __init__(self, inner: Encoder) -> None:
        self.inner, self.texts = inner, 0
        self.fingerprint, self.dimension, self.count_tokens = inner.fingerprint, inner.dimension, inner.count_tokens

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return self.inner.encode(texts)


class CountingReader:
    def __init__(self, inner: OnnxReader) -> None:
        self.inner, self.passages, self.calls = inner, 0, 0
        self.fingerprint = inner.fingerprint

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.passages += len(passages)
        self.calls += 1
        return self.inner.read(question, passages)


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Iterator[tuple[Path, Counting]]:
    directory, encoder = tmp_path_factory.mktemp("work") / "sample.index", Counting(open_encoder())
    build([SAMPLE], directory, encoder=encoder)
    yield directory, encoder


def test_a_passage_is_encoded_once_and_only_when_it_is_new(index) -> None:
    directory, encoder = index
    with Pipeline.load(directory) as pipeline:
        passages = pipeline._retriever.count()
    assert 0 < encoder.texts <= MOST_PER_PASSAGE * passages
    before = encoder.texts
    build([SAMPLE], directory, encoder=encoder)
    assert encoder.texts == before


def test_cutting_an_article_calls_no_more_functions_than_it_did() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLE.glob("*.txt"))]
    documents = [Document.create(source=f"{at}.txt", title="", text=text) for at, text in enumerate(texts)]
    count_tokens = open_encoder().count_tokens

    def cut() -> None:
        for document in documents:
            chunk(document, count_tokens)
            traits_of(document)

    cut()  # imports, patterns, words that are remembered
    calls = calls_of(cut)
    print(f"{1000 * calls / sum(map(len, texts)):.0f} calls for 1,000 characters")
    assert 1000 * calls / sum(map(len, texts)) <= MOST_CALLS_CUTTING


def test_a_question_is_encoded_once_and_reads_no_more_than_it_did(index, monkeypatch) -> None:
    directory, _ = index
    rows = [json.loads(line) for line in SETS.read_text(encoding="utf-8").splitlines()][::EVERY]
    encoder = Counting(open_encoder())
    with Pipeline.load(directory, encoder=encoder) as pipeline:
        reader = CountingReader(pipeline._desk.reader)
        object.__setattr__(pipeline._desk, "reader", reader)
        pipeline.ask(rows[0]["question"])
        encoder.texts = reader.passages = reader.calls = 0
        calls = calls_of(lambda: [pipeline.ask(row["question"]) for row in rows])
    assert encoder.texts <= 2 * len(rows)
    assert encoder.texts >= len(rows)
    assert reader.passages / len(rows) <= MOST_READ
    assert calls / len(rows) <= MOST_CALLS_ASKING
    print(
        f"{reader.passages / len(rows):.2f} passages in {reader.calls / len(rows):.2f} waves a question, "
        f"{calls / len(rows):,.0f} calls"
    )


def test_a_question_imports_nothing_that_it_does_not_use(index) -> None:
    program = (
        "import sys; from qa.cli import main\n"
        f"main(['ask', 'How many maker spaces are there?', '--index', {str(index[0])!r}, '--json'])\n"
        f"print(sorted({UNUSED!r} & sys.modules.keys()), len(sys.modules), file=sys.stderr)"
    ).replace(repr(UNUSED), repr(set(UNUSED)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    unused, count = done.stderr.strip().rsplit(" ", 1)
    assert unused == "[]"
    assert int(count) < 1000
