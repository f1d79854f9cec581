"""The gate: a run may not fall below the recorded figures by more than their intervals."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from eval.catalogue import HEADLINES, figure_info, show
from eval.journal import write_text
from eval.report.data import read_figure, read_report
from eval.types import Figure

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GateResult:
    """One headline figure beside its record; `measured` is None where the run lacks the figure."""

    name: str
    recorded: Figure
    measured: Figure | None

    @property
    def passed(self) -> bool:
        """Whether the figure is no worse than the worse end of the recorded interval; a missing one fails."""
        if self.measured is None or self.measured.value is None:
            return False
        low, high = self.recorded.low, self.recorded.high
        if low is None or high is None:
            return False
        higher_is_better = figure_info(self.name.partition(".")[2]).higher_is_better
        # A hair of tolerance: a perfect recorded figure has an interval of no width.
        return self.measured.value >= low - 1e-9 if higher_is_better else self.measured.value <= high + 1e-9

    def __str__(self) -> str:
        info = figure_info(self.name.partition(".")[2])
        measured = show(self.measured.value if self.measured else None, info.unit)
        low, high = show(self.recorded.low, info.unit), show(self.recorded.high, info.unit)
        mark = "ok  " if self.passed else "FAIL"
        return f"{mark} {self.name}: {measured}, recorded {show(self.recorded.value, info.unit)} ({low} to {high})"


def check_gate(report: Path, recorded: Path) -> list[GateResult]:
    """Hold every recorded figure against the run's; UsageError where a file is missing or the sets differ."""
    measured, record = read_report(report), read_report(recorded)
    if measured["dataset"]["sha256"] != record["dataset"]["sha256"]:
        raise UsageError(
            f"{recorded} was recorded on another state of {record['dataset']['name']}; record it again with --record"
        )
    figures = record["figures"]
    return [
        GateResult(f"{stage}.{bare}", Figure(**values), read_figure(measured, f"{stage}.{bare}"))
        for stage, part in figures.items()
        for bare, values in part.items()
    ]


def record_gate(report: Path, recorded: Path) -> None:
    """Write the run's headline figures as the ones to hold from now on."""
    measured = read_report(report)
    figures: dict[str, Json] = {}
    for name in HEADLINES:
        figure = read_figure(measured, name)
        if figure is not None and figure.value is not None:
            stage, _, bare = name.partition(".")
            figures.setdefault(stage, {})[bare] = asdict(figure)
    record = {"dataset": measured["dataset"], "settings": measured.get("settings", {}), "figures": figures}
    write_text(recorded, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
