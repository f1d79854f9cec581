"""The real passages and questions that the large collections of benchmarks/scale.py are grown from, encoded once.

A sample, by seed, of sets in the BEIR layout: questions, as many of each set as there are, the passages judged right
for them, and other passages of all sets up to the number wanted. Vectors are those of the product's own encoder.
"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from index import open_encoder
from index.types import Vectors

QUESTIONS = 512
JUDGED = 2
"""Passages judged right that are taken for a question: of some sets it has dozens."""

LONGEST = 40
"""Words of a question: some sets ask by whole paragraphs, which nobody types."""

PASSAGES = 2048
TEXTS = "base.json"
VECTORS = "base.npz"
BLOCK = 256


@dataclass(frozen=True, slots=True)
class Base:
    """Real texts with their vectors: row i belongs to passage, or question, i."""

    titles: tuple[str, ...]
    passages: tuple[str, ...]
    questions: tuple[str, ...]
    passage_vectors: Vectors
    question_vectors: Vectors


@dataclass(frozen=True, slots=True)
class _Sets:
    """All sets together; ids carry the name of their set."""

    passages: dict[str, tuple[str, str]]
    questions: dict[str, str]
    judged: dict[str, list[str]]


def make_base(sets: Path, work: Path, seed: int) -> None:
    """Sample the sets below the folder `sets`, encode them and write both to `work`."""
    found = _read(sets)
    chance = random.Random(seed)
    asked = _sampled(sorted(found.judged), chance)
    chosen = dict.fromkeys(passage for question in asked for passage in found.judged[question][:JUDGED])
    others = sorted(found.passages.keys() - chosen.keys())
    chance.shuffle(others)
    chosen |= dict.fromkeys(others[: max(PASSAGES - len(chosen), 0)])
    rows = [found.passages[passage] for passage in chosen]
    questions = [found.questions[question] for question in asked]
    content = {"titles": [title for title, _ in rows], "passages": [text for _, text in rows], "questions": questions}
    (work / TEXTS).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    inputs = [f"{title}\n{text}" if title else text for title, text in rows]
    np.savez(work / VECTORS, passages=_encoded(inputs), questions=_encoded(questions))


def read_base(work: Path) -> Base:
    """What `make_base` wrote."""
    texts = json.loads((work / TEXTS).read_text(encoding="utf-8"))
    with np.load(work / VECTORS) as vectors:
        return Base(
            titles=tuple(texts["titles"]),
            passages=tuple(texts["passages"]),
            questions=tuple(texts["questions"]),
            passage_vectors=vectors["passages"],
            question_vectors=vectors["questions"],
        )


def _encoded(texts: list[str]) -> Vectors:
    encoder = open_encoder(threads=1)
    blocks = [encoder.encode(texts[start : start + BLOCK]) for start in range(0, len(texts), BLOCK)]
    return np.concatenate(blocks)


def _sampled(questions: list[str], chance: random.Random) -> list[str]:
    """So many of the questions (named SET/ID), from each set in turn while it has any left."""
    chance.shuffle(questions)
    by_set: dict[str, list[str]] = {}
    for question in questions:
        by_set.setdefault(question.partition("/")[0], []).append(question)
    turns = zip_longest(*(by_set[name] for name in sorted(by_set)))
    return [question for turn in turns for question in turn if question is not None][:QUESTIONS]


def _read(sets: Path) -> _Sets:
    found = _Sets({}, {}, {})
    for folder in sorted(path for path in sets.iterdir() if (path / "corpus.jsonl.gz").exists()):
        for row in _rows(folder / "corpus.jsonl.gz"):
            if len(row["text"].split()) >= 20:  # a line of a table is no passage
                found.passages[f"{folder.name}/{row['_id']}"] = (row["title"], row["text"])
        texts = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl.gz")}
        with gzip.open(folder / "qrels.tsv.gz", "rt", encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                question, passage, _ = line.rstrip("\n").split("\t")
                short = len(texts[question].split()) <= LONGEST
                if short and f"{folder.name}/{passage}" in found.passages:
                    found.judged.setdefault(f"{folder.name}/{question}", []).append(f"{folder.name}/{passage}")
                    found.questions[f"{folder.name}/{question}"] = texts[question]
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
