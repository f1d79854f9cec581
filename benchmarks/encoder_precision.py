"""What int8 costs: the default encoder beside the same weights in fp32 under sentence-transformers.

    python -m benchmarks.encoder_precision SET_FOLDER... --cache FOLDER

Prints, for each retrieval set in BEIR layout, the cosine of the two vectors of a passage (mean and least over 500 of
them), and with either encoder nDCG@10 and recall@10 of the dense search alone and of both searches joined, as the
product searches; of nDCG@10 also the difference with its 95 % interval over resampled questions, in percent of fp32's.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.fusion_fit import Found, RetrievalSet, encode_cached, ndcg, read_set, report, search
from index.encoder import open_encoder
from index.encoder_files import package_directory
from index.search import SearchSettings, fuse
from index.types import SearchHit

SAMPLE = 500
RESAMPLES = 10_000
Join = Callable[[Found], Sequence[SearchHit]]
WAYS: dict[str, Join] = {
    "dense": lambda one: one.dense,
    "joined": lambda one: fuse(one.dense, one.lexical, SearchSettings()),
}


def compare(data: RetrievalSet, found: dict[str, list[Found]]) -> None:
    """Print both encoders' figures for each way of searching, and how they differ."""
    for way, join in WAYS.items():
        scores = {}
        for name, answers in found.items():
            rankings = [(one.query, join(one)) for one in answers]
            report(f"{way} {name}", data, rankings)
            scores[name] = np.array([ndcg(ranking, data.grades[query]) for query, ranking in rankings])
        change = 100 * (scores["int8"] - scores["fp32"]) / scores["fp32"].mean()
        draws = np.random.default_rng(0).integers(0, len(change), (RESAMPLES, len(change)))
        low, high = np.quantile(change[draws].mean(axis=1), [0.025, 0.975])
        print(f"{data.name:22} {way}: nDCG@10 {change.mean():+.2f} % ({low:+.2f} to {high:+.2f})", flush=True)


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
        compare(data, {name: search(data, encoder, call.cache, 100) for name, encoder in encoders.items()})
        inputs = [f"{row['title']}\n{row['text']}" if row.get("title") else row["text"] for row in data.rows]
        left, right = (encode_cached(encoder, inputs, call.cache) for encoder in encoders.values())
        rows = np.random.default_rng(0).permutation(len(data.rows))[:SAMPLE]
        cosines = (left[rows] * right[rows]).sum(axis=1)
        print(f"{data.name:22} cosine of {len(rows)} passages: mean {cosines.mean():.4f}, least {cosines.min():.4f}")


if __name__ == "__main__":
    main()
