"""Fits how the dense and the lexical ranking are joined, on retrieval sets in BEIR layout.

    python -m benchmarks.fusion_fit SET_FOLDER... --cache FOLDER [--queries 1500] [--context-boost 0.5]

Prints nDCG@10 and recall@10 of each search alone, of reciprocal rank fusion, and of the convex combination over
weights, for two scalings: min-max over the hits, and theoretical-min (dense from -1, BM25 from 0; "TM2C2", Bruch et al.
2023). Documents are passages here (title as context). Vectors are kept in the cache folder.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from index import lexical as lexical_view
from index.dense import DenseIndex
from index.encoder import open_encoder
from index.fusion import convex_combination, min_max, reciprocal_rank_fusion
from index.lexical import LexicalChange, LexicalIndex, LexicalStamp
from index.store import PassageRow
from index.types import Encoder, SearchHit, Vectors

WEIGHTS = [round(0.05 * step, 2) for step in range(21)]
CUT = 10

Grades = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Passages, judged queries and grades of one set."""

    name: str
    rows: list[dict[str, str]]
    queries: dict[str, str]
    grades: Grades


@dataclass(frozen=True, slots=True)
class Found:
    """What both searches gave for one query."""

    query: str
    dense: list[SearchHit]
    lexical: list[SearchHit]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_set(folder: Path, limit: int) -> RetrievalSet:
    """The set in `folder`, with at most `limit` of its judged queries, drawn with seed 0."""
    grades: Grades = {}
    with gzip.open(folder / "qrels.tsv.gz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            query, document, grade = line.rstrip("\n").split("\t")
            if int(grade) > 0:
                grades.setdefault(query, {})[document] = int(grade)
    texts = {row["_id"]: row["text"] for row in read_rows(folder / "queries.jsonl.gz")}
    judged = sorted(query for query in grades if query in texts)
    if len(judged) > limit:
        judged = random.Random(0).sample(judged, limit)
    return RetrievalSet(
        folder.name, list(read_rows(folder / "corpus.jsonl.gz")), {query: texts[query] for query in judged}, grades
    )


def encode_cached(encoder: Encoder, texts: Sequence[str], cache: Path) -> Vectors:
    """Vectors of `texts`, from `cache` where this encoder has made them before."""
    key = hashlib.sha256("\0".join((encoder.fingerprint, *texts)).encode("utf-8")).hexdigest()[:24]
    path = cache / f"{key}.npy"
    if path.exists():
        return np.asarray(np.load(path), dtype=np.float32)
    parts = []
    for start in range(0, len(texts), 1024):
        parts.append(encoder.encode(texts[start : start + 1024]))
        print(f"  encoded {min(start + 1024, len(texts)):,} of {len(texts):,}", flush=True)
    vectors = np.concatenate(parts)
    np.save(path, vectors)
    return vectors


def search(data: RetrievalSet, encoder: Encoder, cache: Path, depth: int) -> list[Found]:
    """Both searches for every query."""
    inputs = [f"{row['title']}\n{row['text']}" if row.get("title") else row["text"] for row in data.rows]
    dense = DenseIndex(encoder.dimension)
    dense.add(
        np.arange(1, len(inputs) + 1), encode_cached(encoder, inputs, cache).astype(np.float16).astype(np.float32)
    )
    words = LexicalIndex()
    rows = [PassageRow(key, row.get("title", ""), row["text"]) for key, row in enumerate(data.rows, start=1)]
    words.apply(LexicalChange(LexicalStamp("fit", 1, 0), (), rows, whole=True))
    questions = encode_cached(encoder, list(data.queries.values()), cache)
    return [
        Found(query, hits(data, dense.search(vector, depth)), hits(data, words.search(text, depth)))
        for (query, text), vector in zip(data.queries.items(), questions, strict=True)
    ]


def hits(data: RetrievalSet, found: Sequence[tuple[int, float]]) -> list[SearchHit]:
    """Rows of a view as hits, equal scores by id."""
    rows = [SearchHit(data.rows[key - 1]["_id"], score) for key, score in found]
    return sorted(rows, key=lambda hit: (-hit.score, hit.passage_id))


def ndcg(ranking: Sequence[SearchHit], grades: Mapping[str, int]) -> float:
    """Return nDCG at 10 with linear gain."""
    gains = [grades.get(hit.passage_id, 0) for hit in ranking[:CUT]]
    best = sorted(grades.values(), reverse=True)[:CUT]
    discount = 1 / np.log2(np.arange(2, CUT + 2))
    return float(np.dot(gains, discount[: len(gains)]) / np.dot(best, discount[: len(best)]))


def recall(ranking: Sequence[SearchHit], grades: Mapping[str, int]) -> float:
    """The share of the relevant documents among the first 10."""
    return sum(hit.passage_id in grades for hit in ranking[:CUT]) / len(grades)


def by_hits(found: Found, weight: float) -> list[SearchHit]:
    """Both searches scaled by their hits."""
    return convex_combination(min_max(found.dense), min_max(found.lexical), weight)


def by_least(found: Found, weight: float) -> list[SearchHit]:
    """Both searches scaled by the least score that each could give."""
    return convex_combination(min_max(found.dense, floor=-1.0), min_max(found.lexical, floor=0.0), weight)


def mixed(found: Found, weight: float) -> list[SearchHit]:
    """The dense search scaled by its hits, the lexical one from 0."""
    return convex_combination(min_max(found.dense), min_max(found.lexical, floor=0.0), weight)


def report(name: str, data: RetrievalSet, rankings: Sequence[tuple[str, Sequence[SearchHit]]]) -> tuple[float, float]:
    """Print one line: means over the queries."""
    scores = [(ndcg(ranking, data.grades[query]), recall(ranking, data.grades[query])) for query, ranking in rankings]
    gain, share = (float(value) for value in np.mean(scores, axis=0))
    print(f"{data.name:22} {name:18} nDCG@10 {gain:.4f}  recall@10 {share:.4f}", flush=True)
    return gain, share


def measure(data: RetrievalSet, found: Sequence[Found]) -> None:
    """Print the table of one set."""
    report("lexical", data, [(one.query, one.lexical) for one in found])
    report("dense", data, [(one.query, one.dense) for one in found])
    report("rrf", data, [(one.query, reciprocal_rank_fusion(one.dense, one.lexical)) for one in found])
    for scaling, fuse in (("min-max", by_hits), ("theoretical", by_least), ("mixed", mixed)):
        for weight in WEIGHTS:
            join = partial(fuse, weight=weight)
            report(f"{scaling} {weight:.2f}", data, [(one.query, join(one)) for one in found])


def main() -> None:
    """Measure every set named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion_fit", description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=1500)
    parser.add_argument("--depth", type=int, default=100, help="hits taken from each search")
    parser.add_argument("--context-boost", type=float, default=lexical_view.CONTEXT_BOOST)
    call = parser.parse_args()
    lexical_view.CONTEXT_BOOST = call.context_boost
    encoder = open_encoder()
    call.cache.mkdir(parents=True, exist_ok=True)
    for folder in call.sets:
        data = read_set(folder, call.queries)
        measure(data, search(data, encoder, call.cache, call.depth))


if __name__ == "__main__":
    main()
