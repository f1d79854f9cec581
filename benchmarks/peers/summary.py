"""From the rows of a run to its figures: speed and quality of each system, and ratios with their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.material import Asked, Material
from benchmarks.peers.run import Record
from benchmarks.peers.systems import OURS, PEERS
from eval.metrics import exact_match, token_f1

RESAMPLES = 2000
Times = NDArray[np.float64]


def summary(work: Path, material: Material) -> dict[str, Any]:
    """All figures of the run in `work`, as they go into its `summary.json`."""
    built, asked = Record(work / "build.jsonl").rows, Record(work / "asked.jsonl").rows
    times = {name: question_times(asked, name, len(material.questions)) for name in PEERS}
    systems = {name: _system(name, built, asked, material, times[name]) for name in PEERS}
    for name, figures in systems.items():
        if name == OURS:
            continue
        figures["p50 ratio"] = ratio(times[name], times[OURS], 50)
        figures["p95 ratio"] = ratio(times[name], times[OURS], 95)
        if any(row["what"] == "add" for row in built) and PEERS[name].built_by is None:
            figures["build ratio"] = build_ratio(built, name)
    return {
        "passages": len(material.passages),
        "questions": len(material.questions),
        "rounds": 1 + max(row["round"] for row in asked if row["what"] == "ask"),
        "systems": systems,
    }


def question_times(rows: Sequence[Mapping[str, Any]], name: str, questions: int) -> Times:
    """Milliseconds of each question, the median over the rounds, shape [questions]."""
    own = [row for row in rows if row["what"] == "ask" and row["system"] == name]
    return np.array([np.median([row["ms"] for row in own if row["question"] == place]) for place in range(questions)])


def ratio(theirs: Times, ours: Times, percentile: int) -> list[float]:
    """How many times as long theirs takes at this percentile, with its 95 % interval over resampled questions."""
    drawn = np.random.default_rng(0).integers(0, len(ours), (RESAMPLES, len(ours)))
    ratios = np.percentile(theirs[drawn], percentile, axis=1) / np.percentile(ours[drawn], percentile, axis=1)
    whole = np.percentile(theirs, percentile) / np.percentile(ours, percentile)
    return [round(float(value), 2) for value in (whole, *np.percentile(ratios, [2.5, 97.5]))]


def build_ratio(rows: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    """How many times as long theirs takes for a block: the median over the blocks, and the quartiles."""
    blocks = {
        system: {row["block"]: row["ms"] for row in rows if row["what"] == "add" and row["system"] == system}
        for system in (name, OURS)
    }
    ratios = [blocks[name][block] / taken for block, taken in blocks[OURS].items()]
    return [round(float(value), 2) for value in np.percentile(ratios, [50, 25, 75])]


def _system(
    name: str,
    built: Sequence[Mapping[str, Any]],
    asked: Sequence[Mapping[str, Any]],
    material: Material,
    times: Times,
) -> dict[str, Any]:
    first = {
        row["question"]: row for row in asked if row["what"] == "ask" and row["system"] == name and row["round"] == 0
    }
    rows = [first[place] for place in range(len(material.questions))]
    quality = [_quality(row, one) for row, one in zip(rows, material.questions, strict=True)]
    recalls = [recall for recall, _, _ in quality if recall is not None]
    memory = [row["peak"] for row in asked if row["what"] == "memory" and row["system"] == name]
    figures = {
        "p50": round(float(np.percentile(times, 50)), 1),
        "p95": round(float(np.percentile(times, 95)), 1),
        "recall@10": round(float(np.mean(recalls)), 3) if recalls else None,
        "EM": round(100 * float(np.mean([exact for _, exact, _ in quality])), 1),
        "F1": round(100 * float(np.mean([f1 for _, _, f1 in quality])), 1),
        "raised": sum("error" in row for row in rows),
        "serving MB": round(max(memory) / 1e6) if memory else None,
    }
    own = [row for row in built if row["system"] == name]
    if own:
        milliseconds = [row["ms"] for row in own if "ms" in row]
        if milliseconds:
            figures["passages/s"] = round(1000 * len(material.passages) / sum(milliseconds), 1)
        figures["building MB"] = round(max(row["peak"] for row in own if "peak" in row) / 1e6)
    return figures


def _quality(row: Mapping[str, Any], one: Asked) -> tuple[float | None, float, float]:
    """Recall of the passages found (None where they are not told), EM and F1; what raises answers nothing."""
    answer = row.get("answer", "")
    found = set(row.get("found", ())[:10])
    recall = len(found & set(one.relevant)) / len(one.relevant) if found else None
    return recall, exact_match(answer, one.answers), token_f1(answer, one.answers)
