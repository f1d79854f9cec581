"""The tables of docs/evaluation.md about several articles at once: what abilities are worth, follow-ups, views."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.across.measure import RESULT, results, table
from eval.across.resolving import RESULT as RESOLVED

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
    yield from ("", "Resolved wrongly, and altered:", "", "| after | asked | became |", "|---|---|---|")
    for one in found[0]["follow_ups"]:
        if not one["right"]:
            yield _row("", one["question"], one["resolved"])
    for run in found:
        for other in run["standing_alone"].values():
            yield from (_row(one["previous"], one["question"], one["resolved"]) for one in other["altered"])


def views(runs: list[Path]) -> Iterator[str]:
    """What the page and the terminal show under "What the articles say", from `citespan ask --questions --out`."""
    for line in runs[0].read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = "*the articles do not say*" if row["answer"] is None else f"**{_plain(row['answer'])}**"
        yield f"{row['id']}. {row['question']}  \n   {answer}, confidence {row['confidence']:.2f}"
        for group in row.get("agreement", []):
            years = ", ".join(map(str, group["years"]))
            articles = f"{group['articles']} article{'s' if group['articles'] > 1 else ''}"
            yield f"   - {_plain(group['value'])}: {articles}{f' ({years})' if years else ''}"
            yield from (f"     - {_wording(one)}" for one in group["wordings"])
        yield ""


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
