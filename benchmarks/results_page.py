"""The tables of docs/evaluation.md out of the runs they show: no figure there is typed by hand.

    python -m benchmarks.results_page --page docs/evaluation.md --run sample=runs/sample --run saved=runs/saved ...

In the page a table stands between `<!-- table NAME RUN -->` and `<!-- end -->`; NAME is one of `figures`, `reader`,
`gold`, `errors`, `answers`, `depths`, `across`, `resolving`, `versus`, `views`. Tables whose run is not given stay as
they are.
`gold`, `depths`, `resolving` and `versus` take several runs, `a+b+c`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.across_page import across, resolving, versus, views
from eval.catalogue import figure_info, show
from eval.metrics import is_right

Json = dict[str, Any]
_TABLE = re.compile(r"(<!-- table (\w+) ([\w+-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
FIGURES = {
    "retrieval.recall@1": "recall@1, %",
    "retrieval.recall@5": "recall@5, %",
    "retrieval.MRR@10": "MRR@10",
    "end-to-end.EM": "EM, all questions, %",
    "end-to-end.F1": "F1, all questions, %",
    "end-to-end.EM_span": "EM of the best candidate, given or kept back, answerable, %",
    "end-to-end.F1_span": "F1 of the best candidate, answerable, %",
    "end-to-end.right_article": "citations that name the right article, %",
    "end-to-end.verbatim": "answers whose every citation holds, %",
    "end-to-end.abstained_unanswerable": "unanswerable questions abstained on, %",
    "end-to-end.wrongly_abstained": "answerable questions abstained on, %",
    "abstention.AUROC": "AUROC",
    "abstention.AURC": "AURC",
    "abstention.coverage@80%": "answered at 80 % precision, %",
    "abstention.coverage@90%": "answered at 90 % precision, %",
    "abstention.coverage@95%": "answered at 95 % precision, %",
    "abstention.ECE": "ECE",
}


def cell(report: Json, name: str) -> str | None:
    """A figure with its interval, None where the run has none."""
    stage, _, bare = name.partition(".")
    found = report["figures"].get(stage, {}).get(bare)
    if not found or found["value"] is None:
        return None
    unit = figure_info(bare).unit
    value, low, high = (show(found[key], unit) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def figures(runs: list[Path]) -> Iterator[str]:
    """The headline figures of one run."""
    yield from ("| figure | value |", "|---|---|")
    report = read(runs[0])
    yield from (f"| {label} | {text} |" for name, label in FIGURES.items() if (text := cell(report, name)))


def depths(runs: list[Path]) -> Iterator[str]:
    """The end-to-end figures of several runs beside each other, by passages read."""
    reports = [read(run) for run in runs]
    heads = [str(report["settings"]["top_k"] or 10) for report in reports]
    yield "| figure | " + " | ".join(f"{head} read" for head in heads) + " |"
    yield "|---|" + "---|" * len(heads)
    for name, label in FIGURES.items():
        cells = [cell(report, name) or "" for report in reports]
        if any(cells) and not name.startswith("retrieval"):
            yield f"| {label} | " + " | ".join(cells) + " |"


def reader(runs: list[Path]) -> Iterator[str]:
    """The reader stage, by group of questions."""
    report = read(runs[0])
    yield from ("| set | questions | EM, best span | F1, best span |", "|---|---|---|---|")
    for group, found in sorted(report["breakdowns"]["reader"]["group"].items()):
        shown = {"figures": {"reader": found}}
        cells = [cell(shown, f"reader.{name}") or "" for name in ("EM_span", "F1_span")]
        yield f"| {group} | {found['F1_span']['n'] + found['F1_span']['excluded']} | " + " | ".join(cells) + " |"


def gold(runs: list[Path]) -> Iterator[str]:
    """Two figure files of `python -m training evaluate` beside each other: ours, and the baseline."""
    ours, baseline = (json.loads(path.read_text(encoding="utf-8"))["sets"] for path in runs)
    yield "| set | answerable | EM (95 %) | F1 (95 %) | AUROC | baseline EM | baseline F1 | baseline AUROC | F1 |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, row in ours.items():
        old = baseline[name]
        cells = [f"{row[key]:.1f} ({row[f'{key}_95'][0]:.1f} to {row[f'{key}_95'][1]:.1f})" for key in ("em", "f1")]
        known = [f"{one['answerability_auroc']:.3f}" if "answerability_auroc" in one else "" for one in (row, old)]
        yield (
            f"| {name} | {row['answerable']} | {' | '.join(cells)} | {known[0]} | {old['em']:.1f} | {old['f1']:.1f} "
            f"| {known[1]} | {row['f1'] - old['f1']:+.1f} |"
        )


def errors(runs: list[Path]) -> Iterator[str]:
    """Where the wrong answers went wrong."""
    found = read(runs[0])["errors"]
    yield from ("| class | questions | share |", "|---|---|---|")
    for name, one in found["classes"].items():
        yield f"| {name} | {one['count']} | {show(one['share'], '%')} % |"
    yield f"| all wrong, of {found['judged']} judged | {found['wrong']} | 100.0 % |"


def answers(runs: list[Path]) -> Iterator[str]:
    """Every question of a run, what was given, how sure, and what was right."""
    yield from ("| question | given | confidence | gold | |", "|---|---|---|---|---|")
    for line in (runs[0] / "predictions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        given = "*the articles do not say*" if row["answer"] is None else row["answer"]
        gold = row["gold"][0] if row["gold"] else "*none*"
        cells = (row["question"], given, f"{row['confidence']:.2f}", gold, judged(row))
        yield "| " + " | ".join(str(one).replace("|", "\\|").replace("\n", " ") for one in cells) + " |"


def judged(row: Json) -> str:
    """What became of one question, in words."""
    if not row["gold"]:
        return "right" if row["answer"] is None else "**answered though unanswerable**"
    if row["answer"] is None:
        best = row["alternatives"][0]["answer"] if row["alternatives"] else ""
        return "abstained, best was " + ("right" if is_right(best, row["gold"]) else "wrong")
    return "right" if is_right(row["answer"], row["gold"]) else "**wrong**"


TABLES: dict[str, Callable[[list[Path]], Iterator[str]]] = {
    "figures": figures,
    "depths": depths,
    "reader": reader,
    "gold": gold,
    "errors": errors,
    "answers": answers,
    "across": across,
    "resolving": resolving,
    "versus": versus,
    "views": views,
}


def read(run: Path) -> Json:
    """A run's report."""
    report: Json = json.loads((run / "report.json").read_text(encoding="utf-8"))
    return report


def rewrite(page: str, runs: dict[str, Path]) -> str:
    """The page with every table made anew whose runs are all given."""

    def table(match: re.Match[str]) -> str:
        head, name, wanted, _, tail = match.groups()
        names = wanted.split("+")
        if not set(names) <= runs.keys():
            return match.group()
        return head + "\n".join(TABLES[name]([runs[one] for one in names])) + "\n" + tail

    return _TABLE.sub(table, page)


def main() -> None:
    """Rewrite the page in place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", type=Path, required=True)
    parser.add_argument("--run", action="append", default=[], metavar="NAME=DIR")
    call = parser.parse_args()
    runs = {name: Path(folder) for name, _, folder in (given.partition("=") for given in call.run)}
    call.page.write_text(rewrite(call.page.read_text(encoding="utf-8"), runs), encoding="utf-8")


if __name__ == "__main__":
    main()
