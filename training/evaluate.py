"""How good an exported reader is, passage given: EM and F1 by dataset, and answerability."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.predict import Inputs, Prediction, Scorer, Scores, predict
from training.quantise import session
from training.records import Example, read_examples
from training.squad import best_f1, exact_match
from training.windows import WindowMaker

Figures = dict[str, dict[str, Any]]
RESAMPLES = 1000


def evaluate_file(model: Path, data: Path, tokenizer: Path, max_length: int, limit: int | None) -> Figures:
    """The figures of an ONNX reader on a JSONL file."""
    examples = limited(read_examples(data), limit)
    return measure(examples, predict(examples, WindowMaker(tokenizer), onnx_scorer(model), max_length))


def write_figures(out: Path, model: Path, data: Path, figures: Figures) -> None:
    """Keep the figures as JSON for the card."""
    out.parent.mkdir(parents=True, exist_ok=True)
    found = {"model": str(model), "data": str(data), "sets": figures}
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def limited(examples: Sequence[Example], limit: int | None) -> list[Example]:
    """The first `limit` of each dataset."""
    taken: dict[str, int] = defaultdict(int)
    kept: list[Example] = []
    for example in examples:
        taken[example.dataset] += 1
        if limit is None or taken[example.dataset] <= limit:
            kept.append(example)
    return kept


def onnx_scorer(path: Path) -> Scorer:
    """An ONNX Runtime session as a scorer; readers without a relevance output are welcome.

    Each window is read alone, as in the product: dynamic int8 quantisation scales the activations over a whole batch,
    so that a reading would depend on its neighbours.
    """
    runner = session(path)
    names = [output.name for output in runner.get_outputs()]
    wanted = {item.name for item in runner.get_inputs()}
    missing = {"start_logits", "end_logits"} - set(names)
    if missing:
        raise ValueError(f"{path} has outputs {names}; start_logits and end_logits are needed")

    def score(inputs: Inputs) -> Scores:
        shape = inputs["input_ids"].shape
        start, end = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
        relevance = np.zeros(shape[0], dtype=np.float32) if "relevance" in names else None
        for row, length in enumerate(inputs["attention_mask"].sum(axis=1)):
            given = {key: value[row : row + 1, :length] for key, value in inputs.items() if key in wanted}
            found = dict(zip(names, runner.run(None, given), strict=True))
            start[row, :length], end[row, :length] = found["start_logits"][0], found["end_logits"][0]
            if relevance is not None:
                relevance[row] = found["relevance"][0]
        return start, end, relevance

    return score


def measure(examples: Sequence[Example], predictions: Sequence[Prediction]) -> Figures:
    """Figures by dataset; unanswerable questions count for AUROC only."""
    groups: dict[str, list[tuple[Example, Prediction]]] = defaultdict(list)
    for example, prediction in zip(examples, predictions, strict=True):
        groups[example.dataset].append((example, prediction))
    return {name: _figures(pairs) for name, pairs in sorted(groups.items())}


def _figures(pairs: Sequence[tuple[Example, Prediction]]) -> dict[str, Any]:
    answered = [
        (prediction.text, [text for text, _ in example.answers]) for example, prediction in pairs if example.answers
    ]
    em = np.array([exact_match(text, golds) for text, golds in answered])
    f1 = np.array([best_f1(text, golds) for text, golds in answered])
    result: dict[str, Any] = {"questions": len(pairs), "answerable": len(answered)}
    if answered:
        result |= {"em": _percent(em), "f1": _percent(f1), "em_95": interval(em), "f1_95": interval(f1)}
    if 0 < len(answered) < len(pairs):
        labels = np.array([bool(example.answers) for example, _ in pairs])
        result["answerability_auroc"] = auroc(labels, np.array([prediction.answerable for _, prediction in pairs]))
    return result


def _percent(values: NDArray[np.float64]) -> float:
    return round(100 * float(values.mean()), 2)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95 % percentile bootstrap over questions, seeded."""
    rng = np.random.default_rng(0)
    means = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(100 * means, [2.5, 97.5])
    return round(float(low), 2), round(float(high), 2)


def auroc(labels: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """The chance that a positive outranks a negative, ties counting half (Mann-Whitney U)."""
    positive, negative = np.sort(scores[labels]), np.sort(scores[~labels])
    below = np.searchsorted(negative, positive, side="left").sum()
    ties = np.searchsorted(negative, positive, side="right").sum() - below
    return round(float((below + ties / 2) / (len(positive) * len(negative))), 4)


def table(figures: Figures) -> str:
    """Markdown, one row a dataset."""
    lines = ["| set | answerable | EM (95 %) | F1 (95 %) | answerability AUROC |", "|---|---|---|---|---|"]
    for name, row in figures.items():
        em, f1 = (
            f"{row[key]:.1f} ({row[key + '_95'][0]:.1f}-{row[key + '_95'][1]:.1f})" if key in row else ""
            for key in ("em", "f1")
        )
        lines.append(f"| {name} | {row['answerable']} | {em} | {f1} | {row.get('answerability_auroc', '')} |")
    return "\n".join(lines)
