"""Does the reader know a passage of the wrong article? AUROC of answering passages against the best wrong ones.

    python -m benchmarks.wrong_article --data DATA --cache DIR --out FILE [--model DIR] [--limit N]

Each question of openqa_wiki_dev is put to its index. Its positive is the first passage, as ranked, of a right document
that holds an answer; its negatives are the passages of articles with another title that hold none. All are what a
user's question really meets. Two figures: of all such negatives among the ten passages that the product reads, and of
each question's first alone, the hardest that retrieval finds. Scores: the reader's own (the best span's lead over null,
the relevance, and their sum), and the strength by which the product compares passages (`Scoring.strengths`: reader,
relevance and retrieval together), over the questions that its weights were not fitted on.

Whether a passage answers is taken from the words of the set's gold answers, which is sometimes wrong: another article
may say it in other words, and a right article may hold the words and say something else. The passages that reader 7
ranks against the labels most were judged by hand (`wrong_article_judged.json`), and every figure comes twice: over all
passages, and without those whose label was found to be wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from eval.abstention import auroc
from eval.metrics import holds_answer
from eval.types import Question
from index.encoder import open_encoder
from index.engines.embedded import EmbeddedEngine
from index.opening import open_index
from index.search import SearchSettings, fuse
from index.types import ScoredPassage, SearchHit
from qa.calibration import CALIBRATION, Calibration
from qa.features import feature_matrix
from qa.model_folder import BUNDLED
from qa.reader import OnnxReader
from qa.types import Evidence, Reading
from training.calibrate import FIT_SHARE
from training.calibration_cache import Readings, Searches, cache_mark
from training.calibration_data import share_of, shelves

READ = 10
"""Passages that the product reads by default."""
NOTHING = -100.0
"""The score of a passage in which there is no span at all."""
Value = TypeVar("Value")
JUDGED = Path(__file__).with_name("wrong_article_judged.json")


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's readings, its positive's first, and how strong the product finds each of them."""

    readings: tuple[Reading, ...]
    marks: tuple[str, ...]
    """Of each passage, put to this question (`mark`)."""
    strengths: tuple[float, ...]
    held_out: bool
    """Whether the calibration's weights were fitted without this question."""

    def kept(self, values: Sequence[Value], most: int | None, left_out: frozenset[str]) -> Iterator[tuple[Value, bool]]:
        """The first `most` of its passages' `values` without those `left_out`, and whether each is the positive's."""
        for place, (value, known_by) in enumerate(zip(values, self.marks, strict=True)):
            if known_by not in left_out and (most is None or place < most):
                yield value, place == 0


def mark(question: str, passage: str) -> str:
    """What a judged passage is known by."""
    return hashlib.sha256(f"{question}\n{passage}".encode()).hexdigest()[:12]


def wrongly_labelled() -> frozenset[str]:
    """Marks of the passages that were judged by hand to be of the other kind."""
    judged = json.loads(JUDGED.read_text(encoding="utf-8"))
    return frozenset(judged["negatives_that_answer"]) | frozenset(judged["positives_that_do_not"])


def chosen(question: Question, engine: EmbeddedEngine, ranked: Sequence[str]) -> list[str]:
    """Ids of the positive and of the negative passages, as ranked; none where one kind is not among those read."""
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


def read(data: Path, cache: Path, reader: OnnxReader, model: Path, limit: int | None) -> Iterator[Judged]:
    """Every question that has both kinds, judged: the positive, then the negatives."""
    calibration = Calibration.load(model / CALIBRATION) if (model / CALIBRATION).exists() else None
    encoder = open_encoder()
    shelf = next(shelves(data, (), limit))
    place = cache / f"{shelf.name}-{cache_mark(encoder.fingerprint)}"
    engine = open_index(place.with_suffix(".index"), encoder)
    searches = Searches(engine, encoder, place.with_suffix(".searches.jsonl"))
    readings = Readings(reader, place.with_name(f"{place.name}-{cache_mark(reader.fingerprint)}.readings.jsonl"))
    for question in tqdm(shelf.questions, unit="question"):
        if not question.answers:
            continue
        hits = searches.of(question.text)
        scored = _scored(engine, hits)
        keys = chosen(question, engine, list(scored))
        if keys:
            found = dict(zip(scored, readings.of(question.text, [one.passage for one in scored.values()]), strict=True))
            strengths = _strengths(question.text, calibration, scored, found) if calibration else {}
            yield Judged(
                tuple(found[key] for key in keys),
                tuple(mark(question.text, scored[key].passage.text) for key in keys),
                tuple(strengths[key] for key in keys if strengths),
                share_of(question.text, "part") >= FIT_SHARE,
            )
    engine.close()


def _scored(engine: EmbeddedEngine, hits: tuple[list[SearchHit], list[SearchHit]]) -> dict[str, ScoredPassage]:
    """The passages that are read, as ranked, with what each search said of them."""
    dense, lexical = ({hit.passage_id: hit.score for hit in one} for one in hits)
    fused = {hit.passage_id: hit.score for hit in fuse(hits[0], hits[1], SearchSettings())[:READ]}
    return {
        passage.id: ScoredPassage(passage, fused[passage.id], dense.get(passage.id), lexical.get(passage.id))
        for passage in engine.passages(list(fused))
    }


def _strengths(
    question: str, calibration: Calibration, scored: dict[str, ScoredPassage], found: dict[str, Reading]
) -> dict[str, float]:
    """Of each passage's best span, among the best spans of all that were read."""
    best = {
        key: Evidence(reading.candidates[0], scored[key], reading.relevance)
        for key, reading in found.items()
        if reading.candidates
    }
    matrix = feature_matrix(question, list(best.values()), calibration.scoring.features)
    known = dict(zip(best, map(float, calibration.scoring.strengths(matrix)), strict=True))
    return {key: known.get(key, NOTHING) for key in found}


def lead(reading: Reading) -> float:
    """The best span's score: its lead over "no answer here"."""
    return max((one.score for one in reading.candidates), default=NOTHING)


def figures_of(
    found: Sequence[Judged], *, relevance: bool, most: int | None = None, left_out: frozenset[str] = frozenset()
) -> dict[str, float]:
    """AUROC of each score over all readings together, of each question the first `most`, without those `left_out`."""
    flat = [pair for judged in found for pair in judged.kept(judged.readings, most, left_out)]
    labels = np.array([right for _, right in flat], dtype=np.float64)
    leads = np.array([lead(one) for one, _ in flat])
    figures: dict[str, float] = {"passages": len(flat), "lead": auroc(leads, labels)}
    if relevance:
        related = np.array([one.relevance or 0.0 for one, _ in flat])
        figures |= {"relevance": auroc(related, labels), "both": auroc(leads + related, labels)}
    held_out = [judged for judged in found if judged.held_out and judged.strengths]
    strong = [pair for judged in held_out for pair in judged.kept(judged.strengths, most, left_out)]
    if strong:
        strengths, right = np.array(strong, dtype=np.float64).T
        figures |= {"passages held out": len(strong), "the product's strength, held out": auroc(strengths, right)}
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
    found = list(read(call.data, call.cache, reader, call.model, call.limit))
    labels = {"": frozenset[str](), ", labels mended by hand": wrongly_labelled()}
    figures: dict[str, object] = {"questions": len(found)}
    for name, left_out in labels.items():
        for which, most in (("all wrong passages among ten", None), ("the first wrong passage", 2)):
            figures[which + name] = figures_of(found, relevance=reader.has_relevance, most=most, left_out=left_out)
    call.out.parent.mkdir(parents=True, exist_ok=True)
    call.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
