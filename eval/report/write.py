"""Writing a report's files, each whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from eval.journal import write_text
from eval.outcomes import Outcome
from eval.report.data import Report
from eval.report.markdown import markdown
from eval.report.page import page
from eval.report.table import question_rows

SCORES = "scores.jsonl"
REPORT = "report.json"


def write_report(report: Report, outcomes: Sequence[Outcome], out: Path) -> None:
    """Write report.json, report.md, report.html and scores.jsonl; `outcomes` are those that the page lists."""
    scores = report.scores()
    errors = report.errors.by_id if report.errors else {}
    data = report.to_json()
    lines = [
        json.dumps({"id": identity, "error": errors.get(identity), "scores": row}, ensure_ascii=False)
        for identity, row in scores.items()
    ]
    write_text(out / SCORES, "".join(line + "\n" for line in lines))
    write_text(out / "report.md", markdown(data))
    write_text(out / "report.html", page(data, list(question_rows(outcomes, scores, errors))))
    # Last, because a run with a report.json is a finished run.
    write_text(out / REPORT, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
