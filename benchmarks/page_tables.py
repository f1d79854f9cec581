"""The tables of docs/performance.md that tell of the shell and of the page under load: no figure is typed there.

    python -m benchmarks.page_tables --runs runs --page docs/performance.md

Fills what stands between `<!-- table page-NAME -->` and `<!-- end -->` from `page_NAME.json`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_TABLE = re.compile(r"(<!-- table page-(\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_MOMENTS = {
    "first": "opening the page to its first paint with content",
    "largest": "opening the page to its largest paint with content",
    "usable": "opening the page to a question box that takes a question",
    "stage": "Enter to the first stage of the answer",
    "answer": "Enter to the answer with its citation",
}


def load_table(found: Json) -> Iterator[str]:
    """What many askers met, page and REST side by side."""
    page, rest = found["kinds"]["page"], found["kinds"]["rest"]
    yield f"| {found['askers']} askers for {found['seconds']:.0f} s | over the page's queue | over `/api/ask` |"
    yield "|---|---:|---:|"
    yield f"| askers | {page['askers']} | {rest['askers']} |"
    yield f"| answers | {page['answers']:,} | {rest['answers']:,} |"
    yield f"| errors | {found['error_count']} in all | |"
    yield f"| told to come again (503) | {page['turned_away']} | {rest['turned_away']} |"
    each = [one["answers_of_an_asker"] for one in (page, rest)]
    yield (
        "| answers of one asker, least / median / most | "
        + " | ".join(f"{one['min']} / {one['median']:g} / {one['max']}" for one in each)
        + " |"
    )
    waits = [one["seconds"] for one in (page, rest)]
    yield (
        "| question to answer, p50 / p95 / p99 s | "
        + " | ".join(f"{one['p50']:.1f} / {one['p95']:.1f} / {one['p99']:.1f}" for one in waits)
        + " |"
    )
    first = page["first_sign_seconds"]
    yield f"| question to the first stage drawn, p50 / p95 s | {first['p50']:.1f} / {first['p95']:.1f} | |"
    yield f"| processor seconds of the server, its start included | {found['processor_seconds']:.0f} in all | |"
    for said, memory in (("resident", found["memory_mb"]), ("of these not a file's", found["anonymous_mb"])):
        held = " / ".join(f"{memory[name]:.0f}" for name in ("first", "at_half", "last", "most"))
        yield f"| MB of the server, {said}: start / half of the answers / end / most | {held} | |"
    slopes = [found["anonymous_mb"][f"slope_per_{unit}_second_half"] for unit in ("100_answers", "minute")]
    yield f"| MB for 100 answers / MB a minute, fitted to the second half | {slopes[0]:+.1f} / {slopes[1]:+.1f} | |"


def paint_table(found: Json) -> Iterator[str]:
    """What a visitor waits for."""
    yield f"| median of {found['visits']} visits, Chromium {found['browser']} | ms | least | most |"
    yield "|---|---:|---:|---:|"
    for name, said in _MOMENTS.items():
        one = found["milliseconds"][name]
        yield f"| {said} | {one['median']:,.0f} | {one['least']:,.0f} | {one['most']:,.0f} |"


def askers_table(found: Json) -> Iterator[str]:
    """One asker beside several."""
    alone, cores = found["milliseconds_alone"], found["machine_cores"]
    yield from ("| over `/api/ask` | |", "|---|---:|")
    waits = " / ".join(f"{alone[name]:.0f}" for name in ("p50", "p95", "p99"))
    yield f"| one asker, p50 / p95 / p99 ms, of {found['answers_alone']} answers | {waits} |"
    yield f"| answers under 300 ms | {100 * found['under_300_ms']:.1f} % |"
    yield ""
    yield f"| askers | answers a second | times one's, least to most | processor ms an answer | cores, of {cores} |"
    yield "|---:|---:|---:|---:|---:|"
    for one in found["askers"]:
        ratio = one["ratio"]
        spread = f"{ratio['median']:.2f} ({ratio['least']:.2f} to {ratio['most']:.2f})" if one["askers"] > 1 else "1"
        yield (
            f"| {one['askers']} | {one['answers_a_second']:.1f} | {spread} "
            f"| {one['processor_ms_an_answer']:.0f} | {one['cores_used']:.2f} |"
        )
    alone, most = found["askers"][0], found["askers"][-1]
    bound = 1000 * cores / most["processor_ms_an_answer"]
    yield ""
    yield (
        f"{most['processor_ms_an_answer']:.0f} ms of processor time an answer: were not a moment lost, {cores} cores "
        f"would give {bound:.1f} answers a second, {bound / alone['answers_a_second']:.2f} times one asker's. "
        f"{most['askers']} askers got {most['answers_a_second'] / bound:.0%} of that."
    )


def cold_table(found: Json) -> Iterator[str]:
    """What a shell waits for."""
    yield f"| median of {found['runs']} runs (least to most) | wall, s | processor, s | MB at most |"
    yield "|---|---:|---:|---:|"
    for name, call in found["calls"].items():
        forms = {"wall": ".2f", "processor": ".2f", "megabytes": ".0f"}
        cells = [_spread(call[what], form) for what, form in forms.items()]
        yield f"| `citespan {name}` | " + " | ".join(cells) + " |"


def _spread(values: Json, form: str) -> str:
    return f"{values['median']:{form}} ({values['least']:{form}} to {values['most']:{form}})"


_TABLES: dict[str, Callable[[Json], Iterator[str]]] = {
    "load": load_table,
    "paint": paint_table,
    "askers": askers_table,
    "cold": cold_table,
}


def main() -> int:
    """Write the tables into the page; exit code 0."""
    parser = argparse.ArgumentParser(description="Write the tables of the page under load.")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--page", type=Path, default=Path("docs/performance.md"))
    call = parser.parse_args()

    def table(place: re.Match[str]) -> str:
        kept = call.runs / f"page_{place[2]}.json"
        if not kept.exists():
            return place[0]
        rows = _TABLES[place[2]](json.loads(kept.read_text(encoding="utf-8")))
        return place[1] + "\n".join(rows) + "\n" + place[4]

    text = call.page.read_text(encoding="utf-8")
    call.page.write_text(_TABLE.sub(table, text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
