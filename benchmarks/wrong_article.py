"""Does the reader know a passage of the wrong article? AUROC of answering passages against the best wrong ones.

    python -m benchmarks.wrong_article --data DATA --cache DIR --out FILE [--model DIR] [--limit N]

Each question of openqa_wiki_dev is put to its index. Its positive is the first passage, as ranked, of a right document
that holds an answer; its negatives are the passages of articles with another title that hold none. All are what a
user's question really meets. Two figures: of all such negatives among the ten passages that the product reads, and of
each question's first alone, the hardest that retrieval finds. Scores: the best span's lead over null, the relevance,
and their sum.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval.abstention import auroc
from eval.metrics import holds_answer
from eval.types import Question
from index.encoder import open_encoder
from index.engines.embedded import EmbeddedEngine
from index.opening import open_index
from index.search import SearchSettings, fuse
from index.types import SearchHit
from qa.model_folder import BUNDLED
from qa.reader import OnnxReader
from qa.types import Reading
from training.calibration_cache import Readings, Searches, cache_mark
from training.calibration_data import shelves

READ = 10
"""Passages that the product reads by default."""


def chosen(question: Question, engine: EmbeddedEngine, hits: tuple[list[SearchHit], list[SearchHit]]) -> list[str]:
    """Ids of the positive and of the negative passages, as ranked; none where one kind is not among those read."""
    ranked = [hit.passage_id for hit in fuse(hits[0], hits[1], SearchSettings())][:READ]
    passages = {passage.id: passage for passage in engine.passages(ranked)}
    documents = {passage.document_id: engine.document(passage.document_id) for passage in passages.values()}
    titles = {one.title for one in documents.values() if one.source in question.documents}
    right, wrong = [], []
    for key in ranked:
        document, holds = documents[passages[key].document_id], holds_answer(passages[key].text, question.answers)
        if holds and document.source in question.documents:
            right.append(key)
        elif not holds and document.title not in titles:
            wrong.append(key)
    return [right[0], *wrong] if right and wrong else []


def read(data: Path, cache: Path, reader: OnnxReader, limit: int | None) -> Iterator[list[Reading]]:
    """The readings of every question that has both kinds: the positive's, then the negatives'."""
    encoder = open_encoder()
    shelf = next(shelves(data, (), limit))
    place = cache / f"{shelf.name}-{cache_mark(encoder.fingerprint)}"
    engine = open_index(place.with_suffix(".index"), encoder)
    searches = Searches(engine, encoder, place.with_suffix(".searches.jsonl"))
    readings = Readings(reader, place.with_name(f"{place.name}-{cache_mark(reader.fingerprint)}.readings.jsonl"))
    for question in tqdm(shelf.questions, unit="question"):
        keys = chosen(question, engine, searches.of(question.text)) if question.answers else []
        if keys:
            yield list(readings.of(question.text, [engine.passages([key])[0] for key in keys]))
    engine.close()


def lead(reading: Reading) -> float:
    """The best span's score: its lead over "no answer here"."""
    return max((one.score for one in reading.candidates), default=-100.0)


def figures_of(found: Sequence[Sequence[Reading]], *, relevance: bool) -> dict[str, float]:
    """AUROC of each score over all readings together."""
    flat = [(reading, place == 0) for one in found for place, reading in enumerate(one)]
    labels = np.array([right for _, right in flat], dtype=np.float64)
    leads = np.array([lead(one) for one, _ in flat])
    figures: dict[str, float] = {"passages": len(flat), "lead": auroc(leads, labels)}
    if relevance:
        related = np.array([one.relevance or 0.0 for one, _ in flat])
        figures |= {"relevance": auroc(related, labels), "both": auroc(leads + related, labels)}
    return figures


def main() -> None:
    """Read, score, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="the cache of `python -m training.calibrate`")
    parser.add_argument("--model", type=Path, default=BUNDLED)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path, required=True)
    call = parser.parse_args()
    reader = OnnxReader.load(call.model)
    found = list(read(call.data, call.cache, reader, call.limit))
    figures = {
        "questions": len(found),
        "all wrong passages among ten": figures_of(found, relevance=reader.has_relevance),
        "the first wrong passage": figures_of([one[:2] for one in found], relevance=reader.has_relevance),
    }
    call.out.parent.mkdir(parents=True, exist_ok=True)
    call.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
