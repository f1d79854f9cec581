"""What int8 costs: the default encoder beside the same weights in fp32 under sentence-transformers.

    python -m benchmarks.encoder_precision SET_FOLDER... --cache FOLDER

Prints, for each retrieval set in BEIR layout, the cosine of the two vectors of a passage (mean and least over 500 of
them) and nDCG@10 and recall@10 of the dense search with either.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.fusion_fit import RetrievalSet, encode_cached, hits, read_set, report
from index.dense import DenseIndex
from index.encoder import open_encoder
from index.encoder_files import package_directory
from index.types import Encoder, Vectors

SAMPLE = 500


def measure(name: str, data: RetrievalSet, encoder: Encoder, cache: Path) -> Vectors:
    """Print the dense search's figures and give the passages' vectors."""
    inputs = [f"{row['title']}\n{row['text']}" if row.get("title") else row["text"] for row in data.rows]
    vectors = encode_cached(encoder, inputs, cache)
    dense = DenseIndex(encoder.dimension)
    dense.add(np.arange(1, len(inputs) + 1), vectors)
    questions = encode_cached(encoder, list(data.queries.values()), cache)
    rankings = [(query, hits(data, dense.search(row, 100))) for query, row in zip(data.queries, questions, strict=True)]
    report(name, data, rankings)
    return vectors


def main() -> None:
    """Measure every set named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoder_precision", description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    call = parser.parse_args()
    call.cache.mkdir(parents=True, exist_ok=True)
    encoders = {"int8": open_encoder(), "fp32": open_encoder(str(package_directory()))}
    for folder in call.sets:
        data = read_set(folder, 1500)
        vectors = {name: measure(name, data, encoder, call.cache) for name, encoder in encoders.items()}
        rows = np.random.default_rng(0).permutation(len(data.rows))[:SAMPLE]
        cosines = (vectors["int8"][rows] * vectors["fp32"][rows]).sum(axis=1)
        print(f"{data.name:22} cosine of {len(rows)} passages: mean {cosines.mean():.4f}, least {cosines.min():.4f}")


if __name__ == "__main__":
    main()
