"""The tables and plots of docs/performance.md that stand for runs beside the peers: no figure there is typed by hand.

In the page a table stands between `<!-- table NAME -->` and `<!-- end -->`, NAME being `told` (what was run, and on
what), `peers`, `ratios`, `bars` or `stopping`, which is what the fit of the shipped rule reported. The plots are
`performance-asking.svg` and `performance-building.svg` beside it, linked between `asking` and `building`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.peers.run import BLOCK
from benchmarks.peers.systems import OURS, PEERS
from qa.enough import STOPPING
from qa.model_folder import BUNDLED

Run = dict[str, Any]
TIMES_HAYSTACK = {"p50 ratio": 5.0, "p95 ratio": 3.0}
TIMES_BUILD = 1.5
ASKING, BUILDING = "performance-asking.svg", "performance-building.svg"


def told(runs: Sequence[Run]) -> Iterator[str]:
    """What was run, and on what."""
    for run in runs:
        machine = run["machine"]
        yield (
            f"- {run['passages']:,} passages of {run['set']}, {run['questions']} questions, {_times(run['rounds'])}; "
            f"{machine['cores']} cores of an {machine['processor']} ({', '.join(machine['features'])})"
        )


def peers_table(runs: Sequence[Run]) -> Iterator[str]:
    """Speed and quality of every system, a block a run."""
    yield "| passages | system | built, passages/s | ask p50 / p95, ms | recall@10 | EM / F1 | MB building / asking |"
    yield "|---:|---|---:|---:|---:|---:|---:|"
    for run in runs:
        for name, peer in PEERS.items():
            row = run["systems"][name]
            raised = f" ({row['raised']} of {run['questions']} raised)" if row["raised"] else ""
            cells = (
                f"{run['passages']:,}",
                peer.title + raised,
                _shown(row.get("passages/s"), ".1f"),
                f"{row['p50']:.0f} / {row['p95']:.0f}",
                _shown(row["recall@10"], ".3f"),
                f"{row['EM']:.1f} / {row['F1']:.1f}",
                f"{_shown(row.get('building MB'), ',.0f')} / {_shown(row['serving MB'], ',.0f')}",
            )
            yield "| " + " | ".join(cells) + " |"


def ratios_table(runs: Sequence[Run]) -> Iterator[str]:
    """How many times as long the others take."""
    yield "How many times as long the others take, with the 95 % interval over resampled questions (for building: the"
    yield f"median block of {BLOCK} passages, and the quartiles):"
    yield ""
    yield "| passages | beside | building a block of passages | ask, p50 | ask, p95 |"
    yield "|---:|---|---:|---:|---:|"
    for run in runs:
        for name, peer in PEERS.items():
            if name != OURS:
                row = run["systems"][name]
                cells = [_spread(row.get(key)) for key in ("build ratio", "p50 ratio", "p95 ratio")]
                yield f"| {run['passages']:,} | {peer.title} | " + " | ".join(cells) + " |"


def bars_table(runs: Sequence[Run]) -> Iterator[str]:
    """What was asked for beside what the largest run found."""
    yield from ("| | asked for | measured | |", "|---|---:|---:|---|")
    run, built = max(runs, key=_size)["systems"], _largest_built(runs)
    for key, least in TIMES_HAYSTACK.items():
        yield _bar(f"Haystack's {key.split()[0]} over ours", f"{least:g}", run["haystack"][key][0], least)
    yield _bar("txtai's p50, first answer wins, over ours", "1", run["txtai-first"]["p50 ratio"][0], 1.0)
    best = max(row["F1"] for name, row in run.items() if name != OURS)
    yield _bar("F1 above the best of the others", "more than 0", run[OURS]["F1"] - best, 0.05)  # one digit is kept
    if built is None:
        return
    for name in ("haystack", "txtai-first"):
        yield _bar(
            f"{PEERS[name].title.split(',')[0]}: time to build over ours",
            f"{TIMES_BUILD:g}",
            built["systems"][name]["build ratio"][0],
            TIMES_BUILD,
        )


def _size(run: Run) -> int:
    passages: int = run["passages"]
    return passages


def _largest_built(runs: Sequence[Run]) -> Run | None:
    """The largest run whose building was timed."""
    return max((run for run in runs if "passages/s" in run["systems"][OURS]), key=_size, default=None)


def _bar(what: str, asked: str, found: float, least: float) -> str:
    return f"| {what} | {asked} | {found:.2f} | {'met' if found >= least else 'missed'} |"


def stopping_table(_: Sequence[Run]) -> Iterator[str]:
    """What stopping costs and saves on questions that its rule was not fitted on, as `training.stopping` wrote it."""
    report = json.loads((BUNDLED / STOPPING).read_text(encoding="utf-8")).get("report")
    if not report:
        yield "Not measured for the rule that is shipped: run `python -m training.stopping`."
        return
    yield "| | " + " | ".join({"wiki": "openqa_wiki_dev", "folder": "small folders"}[kind] for kind in report) + " |"
    yield "|---|" + "---:|" * len(report)
    for name in next(iter(report.values())):
        yield f"| {name} | " + " | ".join(f"{figures[name]:g}" for figures in report.values()) + " |"


def asking_plot(_: Sequence[Run]) -> Iterator[str]:
    """The link to the plot of asking."""
    yield f"![F1 against milliseconds an answer]({ASKING})"


def building_plot(runs: Sequence[Run]) -> Iterator[str]:
    """The link to the plot of building, where it was timed."""
    if _largest_built(runs) is not None:
        yield f"![Passages a second while building]({BUILDING})"


TABLES: dict[str, Callable[[Sequence[Run]], Iterator[str]]] = {
    "told": told,
    "asking": asking_plot,
    "building": building_plot,
    "peers": peers_table,
    "ratios": ratios_table,
    "bars": bars_table,
    "stopping": stopping_table,
}
_TABLE = re.compile(rf"(<!-- table ({'|'.join(TABLES)}) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def write_page(page: Path, runs: Sequence[Run]) -> None:
    """Put the tables in their places, and the plots beside the page."""
    ordered = sorted(runs, key=_size)

    def filled(match: re.Match[str]) -> str:
        return match[1] + "\n".join(TABLES[match[2]](ordered)) + "\n" + match[4]

    page.write_text(_TABLE.sub(filled, page.read_text(encoding="utf-8")), encoding="utf-8")
    mpl.rcParams["svg.hashsalt"] = "citespan"  # the same picture has the same bytes
    draw_asking(ordered[-1]).savefig(page.parent / ASKING, metadata={"Date": None})
    built = _largest_built(ordered)
    if built is not None:
        draw_building(built).savefig(page.parent / BUILDING, metadata={"Date": None})


def draw_asking(run: Run) -> Figure:
    """F1 against the median time of an answer, a line reaching to the 95th percentile: up and to the left is better."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for name, peer in PEERS.items():
        row = run["systems"][name]
        (mark,) = axes.plot([row["p50"]], [row["F1"]], marker="o", linestyle="", label=peer.title)
        axes.plot([row["p50"], row["p95"]], [row["F1"]] * 2, color=mark.get_color(), linewidth=1)
    axes.set_xscale("log")
    axes.set_xlabel(f"milliseconds an answer, median to 95th percentile ({run['passages']:,} passages)")
    axes.set_ylabel("token F1 of the answers")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def draw_building(run: Run) -> Figure:
    """Passages a second of those that build an index."""
    figure = Figure(figsize=(7, 2.4), layout="constrained")
    axes = figure.subplots()
    names = [name for name in reversed(tuple(PEERS)) if "passages/s" in run["systems"][name]]
    axes.barh(
        [PEERS[name].title.split(",")[0] for name in names], [run["systems"][name]["passages/s"] for name in names]
    )
    axes.set_xlabel(f"passages a second while building ({run['passages']:,} passages)")
    axes.grid(visible=True, axis="x", alpha=0.3)
    return figure


def _times(rounds: int) -> str:
    return "asked once" if rounds == 1 else f"asked {rounds} times"


def _shown(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _spread(values: Sequence[float] | None) -> str:
    return "" if values is None else f"{values[0]:.2f} ({values[1]:.2f} to {values[2]:.2f})"
