"""The report as one HTML page: plots inside, questions inside, a policy that forbids every network request.

The questions stand in the page as JSON whose `<`, `>` and `&` are escaped; the script puts them on the page as text
nodes only, so that nothing in an article can become markup.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from importlib import resources
from string import Template
from typing import Any

from eval.catalogue import HEADLINES, figure_info, show, show_interval
from eval.report.plots import plots

Json = dict[str, Any]


def page(report: Json, rows: list[Json]) -> str:
    """The whole page."""
    static = resources.files("eval") / "static"
    template = Template((static / "report.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=html.escape(report["dataset"]["name"]),
        style=(static / "report.css").read_text(encoding="utf-8"),
        script=(static / "report.js").read_text(encoding="utf-8"),
        summary=_summary(report),
        headlines="".join(_headlines(report)),
        plots="".join(_plot(title, url) for title, url in plots(report)),
        errors=_errors(report["errors"]),
        figures="".join(_stage_table(stage, figures) for stage, figures in report["figures"].items() if figures),
        breakdowns="".join(_breakdowns(report)),
        data=embedded_json({"rows": rows, "answers": any(row["answerable"] is not None for row in rows)}),
    )


def embedded_json(value: Json) -> str:
    """JSON that can stand inside a script element: no character of it can end that element or begin markup."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _summary(report: Json) -> str:
    dataset = report["dataset"]
    chosen = ((key, value) for key, value in report["settings"].items() if value is not None)
    settings = " · ".join(f"{key} <b>{html.escape(str(value))}</b>" for key, value in chosen)
    counts = (
        f"{dataset['questions']} questions: {dataset['answerable']} with an answer, {dataset['unanswerable']} without, "
        f"{dataset['without_answers']} judged by document only."
    )
    return f"<p>{counts}</p><p class=settings>{settings}</p>"


def _headlines(report: Json) -> Iterator[str]:
    for name in HEADLINES:
        stage, bare = name.split(".")
        figure = report["figures"].get(stage, {}).get(bare)
        if figure and figure["value"] is not None:
            info = figure_info(bare)
            unit = f"<small> {info.unit}</small>" if info.unit else ""
            yield (
                f'<div class=headline title="{html.escape(info.meaning)}">'
                f"<span>{html.escape(f'{stage}: {info.label}')}</span>"
                f"<b>{show(figure['value'], info.unit)}{unit}</b>"
                f"<span>{show_interval(figure, info.unit)}, n = {figure['n']}</span></div>"
            )


def _plot(title: str, url: str) -> str:
    return f'<figure><figcaption>{html.escape(title)}</figcaption><img alt="{html.escape(title)}" src="{url}"></figure>'


def _errors(errors: Json | None) -> str:
    """The classes as buttons; each shows its questions in the table below."""
    if not errors:
        return ""
    if not errors["wrong"]:
        return f"<h2>Errors</h2><p>None of the {errors['judged']} judged questions is wrong.</p>"
    buttons = "".join(
        f'<tr><td><button data-error="{html.escape(name)}">{html.escape(name)}</button></td>'
        f"<td class=number>{found['count']}</td><td class=number>{show(found['share'], '%')} %</td></tr>"
        for name, found in errors["classes"].items()
    )
    return (
        f"<h2>Errors</h2><p>{errors['wrong']} of {errors['judged']} judged questions are wrong, each in one class: "
        "where it first went wrong. Press a class to see its questions.</p>"
        f"<table class=errors><tbody>{buttons}</tbody></table>"
    )


def _stage_table(stage: str, figures: Json) -> str:
    rows = "".join(_figure_row(name, figure) for name, figure in figures.items())
    head = "<tr><th>figure<th>value<th>95 % interval<th>questions<th>excluded<th>what it is</tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f"<details open><summary>{html.escape(stage)}</summary>{table}</details>"


def _figure_row(name: str, figure: Json) -> str:
    info = figure_info(name)
    unit = f" {info.unit}" if info.unit and figure["value"] is not None else ""
    cells = (show(figure["value"], info.unit) + unit, show_interval(figure, info.unit), figure["n"], figure["excluded"])
    numbers = "".join(f"<td class=number>{cell}</td>" for cell in cells)
    return f"<tr><td>{html.escape(info.label)}</td>{numbers}<td>{html.escape(info.meaning)}</td></tr>"


def _breakdowns(report: Json) -> Iterator[str]:
    for stage, dimensions in report["breakdowns"].items():
        for dimension, parts in dimensions.items():
            names = [name for name in next(iter(parts.values())) if any(part[name]["n"] for part in parts.values())]
            head = "".join(f"<th>{html.escape(figure_info(name).label)}" for name in names)
            rows = "".join(_breakdown_row(value, part, names) for value, part in parts.items())
            table = (
                f"<table><thead><tr><th>{html.escape(dimension)}<th>questions{head}</tr></thead>"
                f"<tbody>{rows}</tbody></table>"
            )
            yield f"<details><summary>{html.escape(f'{stage} by {dimension}')}</summary>{table}</details>"


def _breakdown_row(value: str, part: Json, names: list[str]) -> str:
    questions = max(figure["n"] + figure["excluded"] for figure in part.values())
    cells = "".join(_breakdown_cell(name, part[name]) for name in names)
    return f"<tr><td>{html.escape(value)}</td><td class=number>{questions}</td>{cells}</tr>"


def _breakdown_cell(name: str, figure: Json) -> str:
    unit = figure_info(name).unit
    if figure["value"] is None:
        return "<td class=number>n/a</td>"
    title = f"{show_interval(figure, unit)}, n = {figure['n']}"
    return f'<td class=number title="{title}">{show(figure["value"], unit)}</td>'
