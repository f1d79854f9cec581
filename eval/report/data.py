"""A report as values and as JSON; the Markdown and the page are drawn from that JSON alone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import DatasetError, UsageError
from eval.catalogue import HEADLINES, figure_info, show
from eval.ranking import RECALL_DEPTHS
from eval.summary import AbstentionSummary, ErrorSummary, StageSummary
from eval.types import Dataset, Figure, Figures, Stage

Json = dict[str, Any]

EXAMPLES = 5
"""How many questions a class of error names in report.json and report.md; the page lists them all."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run measured."""

    dataset: Dataset
    settings: Mapping[str, object]
    stages: Mapping[Stage, StageSummary]
    abstention: AbstentionSummary | None
    latency: Figures
    errors: ErrorSummary | None

    def to_json(self) -> Json:
        """The content of report.json; undefined figures are null, never NaN."""
        figures = {stage.value: _figures(summary.figures) for stage, summary in self.stages.items()}
        if self.abstention:
            figures["abstention"] = _figures(self.abstention.figures)
        figures["latency"] = _figures(self.latency)
        return {
            "format": 1,
            "dataset": _dataset(self.dataset),
            "settings": dict(self.settings),
            "figures": figures,
            "breakdowns": {stage.value: _breakdowns(summary) for stage, summary in self.stages.items()},
            "official": {
                stage.value: dict(summary.official) for stage, summary in self.stages.items() if summary.official
            },
            "curves": self._curves(),
            "errors": _errors(self.errors) if self.errors else None,
        }

    def _curves(self) -> Json:
        curves: Json = {}
        if Stage.RETRIEVAL in self.stages:
            found = self.stages[Stage.RETRIEVAL].figures
            curves["recall"] = [{"depth": depth, **_figure(found[f"recall@{depth}"])} for depth in RECALL_DEPTHS]
        if self.abstention:
            curves["risk_coverage"] = {
                "stage": self.abstention.stage.value,
                "coverage": self.abstention.coverage,
                "risk": self.abstention.risk,
                "operating_point": self.abstention.operating_point,
            }
            curves["reliability"] = [asdict(item) for item in self.abstention.bins]
        return curves

    def scores(self) -> dict[str, dict[str, float | None]]:
        """By question id, then by `stage.figure`: the score behind each mean, None where there is no gold for it."""
        found: dict[str, dict[str, float | None]] = {}
        for stage, summary in self.stages.items():
            for row, identity in enumerate(summary.ids):
                scores = found.setdefault(identity, {})
                for name, column in summary.columns.items():
                    value = float(column[row])
                    scores[f"{stage.value}.{name}"] = None if math.isnan(value) else value
        return found


def read_report(path: Path) -> Json:
    """A report.json (or a recorded one), checked to be one; UsageError where there is none, DatasetError else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path} does not exist; name a finished run of `python -m eval run`") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DatasetError(f"{path}:1: not a report ({error}); run the evaluation again") from error
    if not isinstance(content, dict) or not {"dataset", "figures"} <= content.keys():
        raise DatasetError(f"{path}:1: not a report of this version; run the evaluation again")
    return content


def read_figure(report: Json, name: str) -> Figure | None:
    """The figure `stage.name` of a report.json, None where that run has none of it."""
    stage, _, bare = name.partition(".")
    found = report["figures"].get(stage, {}).get(bare)
    return None if found is None else Figure(**found)


def headline_lines(report: Json) -> Iterator[str]:
    """The headline figures that a run has, one a line, for the terminal."""
    for name in HEADLINES:
        figure = read_figure(report, name)
        if figure is not None and figure.value is not None:
            info = figure_info(name.partition(".")[2])
            value, low, high = (show(number, info.unit) for number in (figure.value, figure.low, figure.high))
            unit = f" {info.unit}" if info.unit else ""
            yield f"{name:36} {value:>7}{unit} ({low} to {high}), n = {figure.n}"


def _figure(figure: Figure) -> Json:
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value for key, value in asdict(figure).items()
    }


def _figures(figures: Figures) -> Json:
    return {name: _figure(figure) for name, figure in figures.items()}


def _breakdowns(summary: StageSummary) -> Json:
    return {
        dimension: {value: _figures(figures) for value, figures in parts.items()}
        for dimension, parts in summary.breakdowns.items()
    }


def _dataset(dataset: Dataset) -> Json:
    known = [question.answerable for question in dataset.questions]
    return {
        "name": dataset.name,
        "sha256": dataset.sha256,
        "questions": len(known),
        "answerable": known.count(True),
        "unanswerable": known.count(False),
        "without_answers": known.count(None),
        "documents": len(dataset.documents),
        "rules": dataset.rules.value,
    }


def _errors(errors: ErrorSummary) -> Json:
    wrong = sum(errors.counts.values())
    classes = {}
    for error, count in errors.counts.items():
        examples = [identity for identity, found in errors.by_id.items() if found is error][:EXAMPLES]
        share = count / wrong if wrong else None
        classes[error.value] = {"count": count, "share": share, "examples": examples}
    return {"judged": errors.judged, "wrong": wrong, "classes": classes}
