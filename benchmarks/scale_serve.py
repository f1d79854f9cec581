"""A process that serves one index, for benchmarks/scale.py: times of its searches and the memory it comes to hold.

`python -m benchmarks.scale_serve INDEX WORK` prints JSON. Every question is asked of each kind of search, after a pass
that brings the files into memory. Memory is what the system counts as resident, mapped files included: after opening,
after all the searches, and after the reader has answered some of the questions as well.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale_base import Base, read_base
from index import hybrid_search, open_encoder, open_index
from index.engines.embedded import EmbeddedEngine
from index.types import Vectors

CANDIDATES = 100
"""Hits of each search, as a fused one takes them."""

WANTED = 10
ANSWERED = 16
"""Questions that the reader answers: memory no longer grows after the first few."""


class Prepared:
    """Implements `index.types.Encoder` for questions whose vectors are known."""

    def __init__(self, base: Base, fingerprint: str) -> None:
        self.dimension = base.question_vectors.shape[1]
        self.fingerprint = fingerprint
        self._vectors = dict(zip(base.questions, base.question_vectors, strict=True))

    def count_tokens(self, text: str) -> int:
        """Words of `text`."""
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape [len(texts), dimension]."""
        return np.array([self._vectors[text] for text in texts])


def serve(directory: Path, base: Base) -> dict[str, Any]:
    """Open the index, ask it all questions in several ways, and say what that took."""
    encoder = open_encoder()
    prepared = Prepared(base, encoder.fingerprint)
    begun = time.perf_counter()
    engine = open_index(directory, encoder)
    opening = 1000 * (time.perf_counter() - begun)
    memory = {"opened": resident()}
    questions = list(zip(base.questions, base.question_vectors, strict=True))
    first = milliseconds(lambda: hybrid_search(engine, encoder, questions[0][0], WANTED))
    kinds: dict[str, Callable[[str, Vectors], object]] = {
        "dense": lambda _, vector: engine.search_dense(vector, CANDIDATES),
        "lexical": lambda question, _: engine.search_lexical(question, CANDIDATES),
        "fused": lambda question, _: hybrid_search(engine, prepared, question, WANTED),
        "fused with embedding": lambda question, _: hybrid_search(engine, encoder, question, WANTED),
    }
    for question, _ in questions:
        hybrid_search(engine, prepared, question, WANTED)
    times = {kind: quantiles([milliseconds(partial(ask, q, v)) for q, v in questions]) for kind, ask in kinds.items()}
    memory["searched"] = resident()
    _answer(engine, directory, base)
    memory["answered"] = resident()
    return {"opening_ms": opening, "first_question_ms": first, "times_ms": times, "resident_bytes": memory}


def quantiles(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": float(np.quantile(times, 0.5)), "p95": float(np.quantile(times, 0.95))}


def milliseconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def resident() -> int:
    """Bytes of this process that are in memory, as Linux counts them."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise OSError("the system does not say how much memory a process holds")


def _answer(engine: EmbeddedEngine, directory: Path, base: Base) -> None:
    """Load the reader too, and let it answer."""
    from qa import Pipeline

    engine.close()
    pipeline = Pipeline.load(directory)
    for question in base.questions[:ANSWERED]:
        pipeline.ask(question)


def main() -> int:
    """Print the figures; exit code 0."""
    directory, work = map(Path, sys.argv[1:3])
    print(json.dumps(serve(directory, read_base(work))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
