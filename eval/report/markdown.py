"""The report as Markdown: the tables, fit for a commit message or a wiki."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eval.catalogue import figure_info, show, show_interval

Json = dict[str, Any]

_BREAKDOWN_FIGURES = {
    "retrieval": ("recall@1", "recall@10", "nDCG@10"),
    "reader": ("EM", "F1", "EM_span", "F1_span", "abstained_unanswerable"),
    "end-to-end": ("EM", "F1", "F1_answerable", "right_article", "abstained_unanswerable"),
}


def markdown(report: Json) -> str:
    """All figures with their intervals, the breakdowns and the classes of error."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Json) -> Iterator[str]:
    dataset = report["dataset"]
    yield f"# Evaluation: {_plain(dataset['name'])}"
    yield ""
    yield (
        f"{dataset['questions']} questions: {dataset['answerable']} with an answer, {dataset['unanswerable']} without, "
        f"{dataset['without_answers']} judged by document only. Brackets: 95 % bootstrap interval. "
        f"Set SHA-256 {dataset['sha256'][:12]}."
    )
    yield ""
    yield "Settings: " + ", ".join(
        f"{key} {_plain(value)}" for key, value in report["settings"].items() if value is not None
    )
    for stage, figures in report["figures"].items():
        if figures:
            yield from _figure_table(stage, figures)
        if report["breakdowns"].get(stage):
            yield from _breakdown_tables(stage, report["breakdowns"][stage])
        if report["official"].get(stage):
            yield ""
            official = (
                f"{name} {value:.4f}" if isinstance(value, float) else f"{name} {value}"
                for name, value in report["official"][stage].items()
            )
            yield f"As the official SQuAD {dataset['rules']} script prints it: {', '.join(official)}."
    if report["errors"]:
        yield from _error_table(report["errors"])


def _figure_table(stage: str, figures: Json) -> Iterator[str]:
    yield from (
        "",
        f"## {stage}",
        "",
        "| figure | value | 95 % interval | questions | excluded | what it is |",
        "|---|---|---|---|---|---|",
    )
    for name, figure in figures.items():
        info = figure_info(name)
        unit = f" {info.unit}" if info.unit else ""
        value = show(figure["value"], info.unit)
        shown = f"{value}{unit} | {show_interval(figure, info.unit)}" if figure["value"] is not None else "n/a | "
        yield f"| {info.label} | {shown} | {figure['n']} | {figure['excluded']} | {info.meaning} |"


def _breakdown_tables(stage: str, breakdowns: Json) -> Iterator[str]:
    for dimension, parts in breakdowns.items():
        names = [name for name in _BREAKDOWN_FIGURES[stage] if any(part[name]["n"] for part in parts.values())]
        if names:
            labels = " | ".join(figure_info(name).label for name in names)
            yield from (
                "",
                f"### {stage} by {dimension}",
                "",
                f"| {dimension} | questions | {labels} |",
                "|---" * (len(names) + 2) + "|",
            )
        for value, part in parts.items() if names else ():
            questions = max(figure["n"] + figure["excluded"] for figure in part.values())
            cells = " | ".join(_cell(name, part[name]) for name in names)
            yield f"| {_plain(value)} | {questions} | {cells} |"


def _cell(name: str, figure: Json) -> str:
    unit = figure_info(name).unit
    if figure["value"] is None:
        return "n/a"
    return f"{show(figure['value'], unit)} ({show_interval(figure, unit)})"


def _error_table(errors: Json) -> Iterator[str]:
    yield from ("", "## errors", "", f"{errors['wrong']} of {errors['judged']} judged questions are wrong.")
    if not errors["wrong"]:
        return
    yield from ("", "| class | questions | share | examples |", "|---|---|---|---|")
    for name, found in errors["classes"].items():
        examples = ", ".join(_plain(identity) for identity in found["examples"])
        yield f"| {name} | {found['count']} | {show(found['share'], '%')} % | {examples} |"
    yield f"| all | {errors['wrong']} | 100.0 % | |"


def _plain(value: object) -> str:
    """A value of the user's that cannot break a table or turn into markup."""
    text = " ".join(str(value).split())
    for sign in ("\\", "|", "<", "`", "*", "_", "["):
        text = text.replace(sign, f"\\{sign}")
    return text
