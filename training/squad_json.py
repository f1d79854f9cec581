"""SQuAD 1.1's training questions, which a run may add to the project's own selection.

The file is public (train-v1.1.json, CC BY-SA 4.0); some Python packages carry it. What is held out stays so by whole
articles: SQuAD asks of one article in many paragraphs, and a reader that was trained on the others knows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from training.records import Example
from training.selection import HeldOut
from training.squad import normalise
from training.start_weights import sha256

SQUAD_SHA256 = "3527663986b8295af4f7fcdff1ba1ff3f72d07d61a20f487cb238a6ef92fd955"
DATASET = "squad1_train"


def read_squad(path: Path, held_out: HeldOut, known: Iterable[str]) -> tuple[list[Example], list[str]]:
    """The examples that are neither held out nor among the ids `known`, and the titles of the articles left out.

    Raises ValueError when the file is not SQuAD 1.1's training part: its development part must never be trained on.
    """
    if (found := sha256(path)) != SQUAD_SHA256:
        raise ValueError(f"{path} has SHA-256 {found}, expected SQuAD 1.1's train-v1.1.json, {SQUAD_SHA256}")
    return choose(json.loads(path.read_text(encoding="utf-8"))["data"], held_out, known)


def choose(
    articles: Sequence[dict[str, Any]], held_out: HeldOut, known: Iterable[str]
) -> tuple[list[Example], list[str]]:
    """What `read_squad` gives, of the file's "data"."""
    barred = [article["title"] for article in articles if _is_held_out(article, held_out)]
    seen = set(known)
    examples = (example for article in articles if article["title"] not in barred for example in _examples(article))
    return [example for example in examples if example.id not in seen], barred


def _is_held_out(article: dict[str, Any], held_out: HeldOut) -> bool:
    return any(normalise(paragraph["context"]) in held_out.contexts for paragraph in article["paragraphs"])


def _examples(article: dict[str, Any]) -> Iterator[Example]:
    for paragraph in article["paragraphs"]:
        for asked in paragraph["qas"]:
            answers = tuple((answer["text"], int(answer["answer_start"])) for answer in asked["answers"])
            yield Example(asked["id"], DATASET, asked["question"].strip(), paragraph["context"], answers)
