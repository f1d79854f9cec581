"""The tables of docs/evaluation.md about several articles at once: what abilities are worth, follow-ups, views."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from eval.across.halves import Half
from eval.across.measure import RESULT, results, table
from eval.across.resolving import RESULT as RESOLVED
from eval.catalogue import figure_info
from eval.compare import compare_runs
from eval.metrics import is_right

Json = dict[str, Any]


def across(runs: list[Path]) -> Iterator[str]:
    """The seven sets, whole and by halves, from `python -m eval across --out`."""
    found = json.loads((runs[0] / RESULT).read_text(encoding="utf-8"))
    yield f"Reader `{found['reader']}`, calibration `{found['calibration']}`."
    yield ""
    yield from table(results(found["rows"], found["seed"]))


def resolving(runs: list[Path]) -> Iterator[str]:
    """Follow-ups and questions that stand alone, from `python -m eval follow-ups --out`, and every altered one."""
    yield from ("| questions | n | |", "|---|---|---|")
    found = [json.loads((run / RESOLVED).read_text(encoding="utf-8")) for run in runs]
    right = [one["right"] for one in found[0]["follow_ups"]]
    yield f"| follow-ups resolved to what they mean | {len(right)} | {_share(sum(right), len(right))} |"
    for run in found:
        for name, one in run["standing_alone"].items():
            yield f"| altered, of {name} | {one['asked']} | {_share(len(one['altered']), one['asked'])} |"
    yield from (
        "",
        "Resolved wrongly (of the half that is looked at), and altered:",
        "",
        "| after | asked | became |",
        "|---|---|---|",
    )
    for one in found[0]["follow_ups"]:
        if not one["right"] and not Half.HELD_OUT.holds(one["id"]):
            yield _row("", one["question"], one["resolved"])
    for run in found:
        for other in run["standing_alone"].values():
            yield from (_row(one["previous"], one["question"], one["resolved"]) for one in other["altered"])


def views(runs: list[Path]) -> Iterator[str]:
    """What the page and the terminal show under "What the articles say", from `citespan ask --questions --out`."""
    wanted = {row["id"]: row["values"] for row in _lines(files("eval") / "sets" / "differing.jsonl")}
    complete = 0
    for row in _lines(runs[0]):
        answer = "*the articles do not say*" if row["answer"] is None else f"**{_plain(row['answer'])}**"
        yield f"{row['id']}. {row['question']}  \n   {answer}, confidence {row['confidence']:.2f}"
        for group in row.get("agreement", []):
            years = ", ".join(map(str, group["years"]))
            articles = f"{group['articles']} article{'s' if group['articles'] > 1 else ''}"
            yield f"   - {_plain(group['value'])}: {articles}{f' ({years})' if years else ''}"
            yield from (f"     - {_wording(one)}" for one in group["wordings"])
        shown = [
            (one["text"], one["citation"]["source"]) for group in row.get("agreement", []) for one in group["wordings"]
        ]
        shown += [(one["quote"], one["source"]) for one in row["citations"]]
        missing = [
            f"{value['value'][0]} (`{name}`)" for value in wanted.get(row["id"], []) for name in _missing(value, shown)
        ]
        complete += not missing
        yield f"   - *not shown:* {'; '.join(missing)}" if missing else "   - *both shown*"
        yield ""
    yield f"Every value is shown for {complete} of {len(wanted)}."


def _lines(path: Traversable) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _missing(value: Json, shown: list[tuple[str, str]]) -> list[str]:
    """The articles for which the view lacks the value."""
    return [
        name
        for name in value["documents"]
        if not any(source.endswith(name) and is_right(text, value["value"]) for text, source in shown)
    ]


_COMPARED = ("EM", "F1", "EM_span", "F1_span", "abstained_unanswerable", "wrongly_abstained", "right_article")


def versus(runs: list[Path]) -> Iterator[str]:
    """Two runs of one set side by side, `a+b`: the headline figures with their paired tests."""
    found = compare_runs(runs[0], runs[1])
    yield f"{found.shared} questions."
    yield ""
    yield from ("| figure | without | with | difference | p | p (Holm) |", "|---|---|---|---|---|---|")
    for one in found.figures:
        stage, _, bare = one.name.partition(".")
        if stage in {"reader", "end-to-end"} and bare in _COMPARED:
            test = one.test
            change = f"{100 * test.difference:+.1f} ({100 * test.low:+.1f} to {100 * test.high:+.1f})"
            label = figure_info(bare).label
            yield f"| {label}, % | {100 * one.a:.1f} | {100 * one.b:.1f} | {change} | {test.p:.3f} | {one.p_holm:.3f} |"


def _wording(one: Json) -> str:
    """One place as it is shown: the words, when they hold, the article and its day."""
    cited = one["citation"]
    facts = (f"“{_plain(one['text'])}”", one["period"], f"*{_plain(cited['title'])}*", cited["published"])
    return " · ".join(str(fact) for fact in facts if fact)


def _share(count: int, of: int) -> str:
    return f"{count} ({100 * count / max(of, 1):.1f} %)"


def _row(*cells: str) -> str:
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _plain(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
