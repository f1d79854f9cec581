"""The plots and tables of docs/scale.md, out of what benchmarks/scale.py measured: no figure there is typed by hand.

    python -m benchmarks.scale_page --work DIR --page docs/scale.md

Plots are `scale-search.svg` and `scale-memory.svg` beside the page; in it a table stands between `<!-- table NAME -->`
and `<!-- end -->`, NAME being one of `search`, `memory`, `build`, `bars`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Json = dict[str, Any]
Measured = dict[int, Json]
"""By number of passages: what building and measuring found, in one."""

KINDS = ("dense", "lexical", "fused", "fused with embedding")
LARGEST = 1_000_000
MOST_MS, LEAST_RECALL, MOST_BYTES, MOST_SECONDS = 15.0, 0.98, 1.5e9, 2.0
"""The bars at a million passages, and for ten documents changed in a hundred thousand."""

_TABLE = re.compile(r"(<!-- table (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def read_measured(work: Path) -> Measured:
    """All sizes that were both built and measured, smallest first."""
    sizes = sorted(int(path.stem.partition("-")[2]) for path in work.glob("measure-*.json"))
    return {size: _read(work / f"build-{size}.json") | _read(work / f"measure-{size}.json") for size in sizes}


def search_table(found: Measured, _: Json) -> Iterator[str]:
    """Times of searches and recall, a row a size."""
    yield "| passages | " + " | ".join(f"{kind}, p50 / p95 ms" for kind in KINDS) + " | dense recall@10 |"
    yield "|---:|" + "---:|" * (len(KINDS) + 1)
    for size, row in found.items():
        cells = [f"{row['times_ms'][kind]['p50']:.1f} / {row['times_ms'][kind]['p95']:.1f}" for kind in KINDS]
        yield f"| {size:,} | " + " | ".join(cells) + f" | {row['recall@10']:.4f} |"


def memory_table(found: Measured, _: Json) -> Iterator[str]:
    """What a process that serves holds, and what the disk does, in megabytes."""
    yield "| passages | opened | after all searches | and answers | on disk | truth | dense | lexical | opening, ms |"
    yield "|---:|" + "---:|" * 8
    for size, row in found.items():
        held = [row["resident_bytes"][stage] for stage in ("opened", "searched", "answered")]
        parts = [row[f"{name}_bytes"] for name in ("truth", "dense", "lexical")]
        cells = [_megabytes(count) for count in (*held, sum(parts), *parts)]
        yield f"| {size:,} | " + " | ".join(cells) + f" | {row['opening_ms']:.0f} |"


def build_table(found: Measured, _: Json) -> Iterator[str]:
    """How fast an index is made, and of what its dense view is."""
    yield "| passages | documents | processor s | passages a second | memory at most, MB | dense view |"
    yield "|---:|---:|---:|---:|---:|---|"
    for size, row in found.items():
        rate = size / row["seconds"]
        cells = (f"{row['documents']:,}", f"{row['seconds']:.0f}", f"{rate:,.0f}", _megabytes(row["peak_bytes"]))
        yield f"| {size:,} | " + " | ".join(cells) + f" | {_parts(row['parts'])} |"


def bars_table(found: Measured, change: Json) -> Iterator[str]:
    """What was asked for beside what was met."""
    yield from ("| | asked for | measured | |", "|---|---:|---:|---|")
    top = found[LARGEST]
    fused, resident = top["times_ms"]["fused"]["p50"], max(top["resident_bytes"].values())
    embedded = top["times_ms"]["fused with embedding"]["p50"]
    rows = (
        ("fused search, p50", f"{MOST_MS:g} ms", f"{fused:.1f} ms", fused <= MOST_MS),
        ("the same with the question's embedding", f"{MOST_MS:g} ms", f"{embedded:.1f} ms", embedded <= MOST_MS),
        ("dense recall@10", f"{LEAST_RECALL:g}", f"{top['recall@10']:.4f}", top["recall@10"] >= LEAST_RECALL),
        ("resident memory", "1,500 MB", f"{_megabytes(resident)} MB", resident < MOST_BYTES),
        *_changes(change),
    )
    yield from (f"| {what} | {bar} | {value} | {'met' if met else 'missed'} |" for what, bar, value, met in rows)
    if not change:
        yield f"| ten of 100,000 documents changed | {MOST_SECONDS:g} s | not measured | |"


def _changes(change: Json) -> Iterator[tuple[str, str, str, bool]]:
    """The row of changed documents, where they were measured."""
    if change:
        seconds = sorted(change["seconds"])[len(change["seconds"]) // 2]
        what = f"10 of {change['documents']:,} documents changed"
        yield what, f"{MOST_SECONDS:g} s", f"{seconds:.2f} s", seconds < MOST_SECONDS


TABLES: dict[str, Callable[[Measured, Json], Iterator[str]]] = {
    "search": search_table,
    "memory": memory_table,
    "build": build_table,
    "bars": bars_table,
}


def write_page(page: Path, found: Measured, change: Json) -> None:
    """Put the tables in their places, and the plots beside the page."""

    def filled(match: re.Match[str]) -> str:
        if match[2] not in TABLES:  # another benchmark's
            return match[0]
        return match[1] + "\n".join(TABLES[match[2]](found, change)) + "\n" + match[4]

    page.write_text(_TABLE.sub(filled, page.read_text(encoding="utf-8")), encoding="utf-8")
    mpl.rcParams["svg.hashsalt"] = "citespan"  # the same picture has the same bytes
    draw_search(found).savefig(page.parent / "scale-search.svg", metadata={"Date": None})
    draw_memory(found).savefig(page.parent / "scale-memory.svg", metadata={"Date": None})


def draw_search(found: Measured) -> Figure:
    """Median and 95th percentile of every kind of search against size."""
    figure, axes = _axes("milliseconds a question")
    for kind in KINDS:
        middle = [row["times_ms"][kind]["p50"] for row in found.values()]
        (line,) = axes.plot(list(found), middle, marker="o", label=f"{kind}, p50")
        slow = [row["times_ms"][kind]["p95"] for row in found.values()]
        axes.plot(list(found), slow, linestyle=":", marker=".", color=line.get_color(), label=f"{kind}, p95")
    axes.axhline(MOST_MS, color="grey", linewidth=0.8)
    axes.annotate("bar for the fused median", (min(found), MOST_MS), va="bottom", fontsize=8, color="grey")
    axes.legend(fontsize=8)
    return figure


def draw_memory(found: Measured) -> Figure:
    """Resident memory of a process that serves, and bytes on disk, against size."""
    figure, axes = _axes("megabytes")
    lines: dict[str, Sequence[float]] = {
        "resident, opened": [row["resident_bytes"]["opened"] for row in found.values()],
        "resident, all searches asked": [row["resident_bytes"]["searched"] for row in found.values()],
        "resident, reader at work": [row["resident_bytes"]["answered"] for row in found.values()],
        "disk": [row["truth_bytes"] + row["dense_bytes"] + row["lexical_bytes"] for row in found.values()],
    }
    for label, counts in lines.items():
        style = "--" if label == "disk" else "-"
        axes.plot(list(found), [count / 1e6 for count in counts], style, marker="o", label=label)
    axes.axhline(MOST_BYTES / 1e6, color="grey", linewidth=0.8)
    axes.annotate("bar for resident memory", (min(found), MOST_BYTES / 1e6), va="bottom", fontsize=8, color="grey")
    axes.set_yscale("log")
    axes.legend(fontsize=8)
    return figure


def _axes(label: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel(label)
    axes.grid(visible=True, alpha=0.3)
    return figure, axes


def _parts(parts: list[Json]) -> str:
    """Such as "4 graphs, depth 64 to 96; 1 exact part of 20,480 rows"."""
    graphs = sorted(part["depth"] for part in parts if part["kind"] == "graph")
    exact = [part["rows"] for part in parts if part["kind"] == "exact"]
    said = [f"{_count(len(graphs), 'graph')}, depth {_range(graphs)}"] if graphs else []
    return "; ".join([*said, *([f"{_count(len(exact), 'exact part')}, {sum(exact):,} rows"] if exact else [])])


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _range(numbers: list[int]) -> str:
    return str(numbers[0]) if numbers[0] == numbers[-1] else f"{numbers[0]} to {numbers[-1]}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f}"


def _read(path: Path) -> Json:
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Write plots and tables; exit code 0."""
    call = argparse.ArgumentParser(prog="python -m benchmarks.scale_page", description=__doc__)
    call.formatter_class = argparse.RawDescriptionHelpFormatter
    call.add_argument("--work", type=Path, required=True)
    call.add_argument("--page", type=Path, required=True)
    given = call.parse_args()
    changed = given.work / "change-100000.json"
    write_page(given.page, read_measured(given.work), _read(changed) if changed.exists() else {})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
