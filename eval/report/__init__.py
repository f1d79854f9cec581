"""What a run leaves behind: report.json, report.md, a self-contained report.html and the scores of every question."""

from eval.report.data import Report
from eval.report.write import write_report

__all__ = ["Report", "write_report"]
