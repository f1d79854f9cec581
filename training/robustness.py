"""What other wordings of the same questions cost a reader: EM and F1 of pairs, passage given."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.significance import PairedTest, paired_test
from training.evaluate import limited, onnx_scorer
from training.predict import Prediction, Scorer, predict
from training.records import Example, read_examples
from training.rephrasings import REPHRASINGS
from training.squad import best_f1, exact_match
from training.windows import WindowMaker

Row = dict[str, Any]
Conditions = dict[str, Row]


def measure_file(model: Path, data: Path, tokenizer: Path, limit: int | None, seed: int) -> dict[str, Any]:
    """The conditions of an ONNX reader on the answerable questions of a JSONL file, `limit` of each dataset."""
    examples = limited([example for example in read_examples(data) if example.answers], limit)
    conditions = measure(examples, WindowMaker(tokenizer), onnx_scorer(model), seed)
    return {"model": str(model), "data": str(data), "limit": limit, "seed": seed, "conditions": conditions}


def measure(examples: Sequence[Example], maker: WindowMaker, scorer: Scorer, seed: int) -> Conditions:
    """Each condition on the questions that it changed, beside the same questions as they are."""
    before = _scores(examples, predict(examples, maker, scorer))
    found: Conditions = {"as it is": {"questions": len(examples), **_means(before)}}
    for name in REPHRASINGS:
        changed = rephrased(examples, name, seed)
        after = _scores([example for _, example in changed], predict([one for _, one in changed], maker, scorer))
        same = [before[place] for place, _ in changed]
        found[name] = _row(same, after, seed) if changed else {"questions": 0}
    return found


def rephrased(examples: Sequence[Example], name: str, seed: int) -> list[tuple[int, Example]]:
    """The examples whose question the rule changes, with their places; each draws from a generator of its own."""
    found = []
    for place, example in enumerate(examples):
        other = REPHRASINGS[name](example.question, random.Random(f"{seed} {name} {example.id}"))
        if other is not None and other != example.question:
            found.append((place, replace(example, question=other)))
    return found


Score = tuple[float, float]
"""EM and F1, in [0, 1]."""


def _scores(examples: Sequence[Example], predictions: Sequence[Prediction]) -> list[Score]:
    golds = [[text for text, _ in example.answers] for example in examples]
    return [
        (exact_match(prediction.text, gold), best_f1(prediction.text, gold))
        for prediction, gold in zip(predictions, golds, strict=True)
    ]


def _means(scores: Sequence[Score]) -> Row:
    em, f1 = (100 * np.mean(column) for column in zip(*scores, strict=True))
    return {"em": round(float(em), 2), "f1": round(float(f1), 2)}


def _row(before: Sequence[Score], after: Sequence[Score], seed: int) -> Row:
    row: Row = {"questions": len(after), **_means(after)}
    row |= {f"{name}_as_it_is": value for name, value in _means(before).items()}
    for place, name in enumerate(("em", "f1")):
        as_it_is, changed = (np.array([score[place] for score in scores]) for scores in (before, after))
        row |= _change(name, paired_test(as_it_is, changed, seed))
    return row


def _change(name: str, test: PairedTest) -> Row:
    """The difference in points, its 95 % interval (paired bootstrap) and the p of a sign-flip test."""
    change, low, high = (round(100 * value, 2) for value in (test.difference, test.low, test.high))
    return {f"{name}_change": change, f"{name}_change_95": [low, high], f"{name}_change_p": round(test.p, 4)}


def write(out: Path, measured: dict[str, Any]) -> None:
    """Keep the figures as JSON for the card."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


def table(conditions: Conditions) -> str:
    """Markdown, one row a condition."""
    lines = [
        "| question | changed | EM | F1 | the same as they are, EM/F1 | change of F1 (95 %) |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in conditions.items():
        if "f1" not in row:
            lines.append(f"| {name} | 0 | | | | |")
            continue
        past = f"{row['em_as_it_is']:.1f}/{row['f1_as_it_is']:.1f}" if "f1_as_it_is" in row else ""
        low, high = row.get("f1_change_95", (0.0, 0.0))
        change = f"{row['f1_change']:+.1f} ({low:+.1f} to {high:+.1f})" if "f1_change" in row else ""
        lines.append(f"| {name} | {row['questions']:,} | {row['em']:.1f} | {row['f1']:.1f} | {past} | {change} |")
    return "\n".join(lines)
