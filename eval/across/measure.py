"""Asking every case without and with the abilities, over one index, and testing the two in pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import UsageError
from eval.across.cases import Case, Part, articles_folder, read_part, sample_folder
from eval.across.halves import Half
from eval.across.remembering import Remembering
from eval.across.scoring import MEANING, score
from eval.catalogue import show
from eval.compare import p_text
from eval.progress import progress_bar
from eval.significance import PairedTest, mean_figures, paired_test
from eval.types import Figure
from index import build, open_encoder
from qa.abilities import ALL, Ability
from qa.calibration import Calibration
from qa.open_reader import open_reader
from qa.pipeline import Pipeline, PipelineSettings
from qa.retriever import HybridRetriever
from qa.serialise import answer_to_json

RESULT = "across.json"


@dataclass(frozen=True, slots=True)
class PartResult:
    """One set or half of it: the mean score with 95 % interval before and after, and their paired test."""

    part: Part
    half: Half
    before: Figure
    after: Figure
    test: PairedTest

    def line(self) -> str:
        """One row of the table."""
        return (
            f"| {self.part.value} | {MEANING[self.part]} | {self.half.value} | {self.test.n} "
            f"| {_percent(self.before)} | {_percent(self.after)} "
            f"| {100 * self.test.difference:+.1f} ({100 * self.test.low:+.1f} to {100 * self.test.high:+.1f}) "
            f"| {p_text(self.test.p)} | {self.test.wins} : {self.test.losses} |"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured; `against` is the folder of an earlier measurement whose "after" stands for "before"."""

    parts: tuple[Part, ...]
    out: Path
    index: Path | None = None
    target_error: float | None = None
    against: Path | None = None
    seed: int = 0
    read_all: bool = False
    """Every passage is read; else as in the product, as far as is enough."""


def measure(plan: Plan) -> list[PartResult]:
    """Measure the sets over the sample articles and their own, and write across.json into `plan.out`."""
    earlier = _earlier(plan.against) if plan.against else None
    directory = plan.index or plan.out / "index"
    plan.out.mkdir(parents=True, exist_ok=True)
    build([sample_folder(), articles_folder()], directory, encoder=open_encoder())
    cases = [case for part in plan.parts for case in read_part(part)]
    opened, calibration = open_reader(), Calibration.load()
    reader = Remembering(opened.reader)
    stopping = None if plan.read_all else opened.stopping(calibration)
    with closing(HybridRetriever.open(directory)) as retriever:
        asked = [
            Pipeline(retriever, reader, calibration, PipelineSettings(abilities=abilities), stopping)
            for abilities in (frozenset[Ability](), ALL)
        ]
        rows = _rows(cases, asked[0], asked[1], plan.target_error, earlier)
    found = {"reader": reader.fingerprint, "calibration": calibration.fingerprint, "seed": plan.seed, "rows": rows}
    (plan.out / RESULT).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return results(rows, plan.seed)


def results(rows: Sequence[Mapping[str, Any]], seed: int) -> list[PartResult]:
    """The result of every set that the rows are of, whole and by halves."""
    parts = [part for part in Part if any(row["part"] == part.value for row in rows)]
    return [_result(part, half, rows, seed) for part in parts for half in Half]


def _rows(
    cases: Sequence[Case],
    plain: Pipeline,
    full: Pipeline,
    target_error: float | None,
    earlier: Mapping[str, float] | None,
) -> list[dict[str, Any]]:
    """Each case with both scores and the answer that the abilities gave."""
    rows = []
    with progress_bar("across", "question", len(cases), 0) as bar:
        for case in cases:
            answer = full.ask(case.question, target_error=target_error, filters=case.filters, previous=case.previous)
            before = (
                score(case, plain.ask(case.question, target_error=target_error))
                if earlier is None
                else earlier.get(case.id)
            )
            row = {"id": case.id, "part": case.part.value, "before": before, "after": score(case, answer)}
            rows.append({**row, "answer": answer_to_json(answer, case.id)})
            bar.update()
    return rows


def _earlier(folder: Path) -> dict[str, float]:
    """The scores that an earlier measurement ended with."""
    path = folder / RESULT
    try:
        return {row["id"]: row["after"] for row in json.loads(path.read_text(encoding="utf-8"))["rows"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is no finished measurement ({error!r}); give the --out of one") from error


def _result(part: Part, half: Half, rows: Sequence[Mapping[str, Any]], seed: int) -> PartResult:
    pairs = [
        (row["before"], row["after"])
        for row in rows
        if row["part"] == part.value and half.holds(row["id"]) and row["before"] is not None
    ]
    if not pairs:
        raise UsageError(
            f"the earlier measurement has no question of the set {part.value} ({half.value}); measure it there too"
        )
    before, after = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    figures = mean_figures({"before": before, "after": after}, seed)
    return PartResult(part, half, figures["before"], figures["after"], paired_test(before, after, seed))


def table(measured: Sequence[PartResult]) -> list[str]:
    """The results as lines of Markdown."""
    head = "| set | score, % | half | n | before | after | difference | p | better : worse |"
    return [head, "|---" * 9 + "|", *(result.line() for result in measured)]


def _percent(figure: Figure) -> str:
    return f"{show(figure.value, '%')} ({show(figure.low, '%')} to {show(figure.high, '%')})"
