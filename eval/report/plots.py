"""The plots of a report as SVG images in data URLs: the only importer of matplotlib in this room."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from eval.catalogue import figure_info

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Json = dict[str, Any]

_INK, _BLUE, _ORANGE, _GREY = "#1f2933", "#2563a8", "#c2571a", "#9aa5b1"


def plots(report: Json) -> Iterator[tuple[str, str]]:
    """Title and data URL of every plot that the report has data for."""
    curves, errors, latency = report["curves"], report["errors"], report["figures"]["latency"]
    if "risk_coverage" in curves:
        yield "Risk and coverage", _draw(lambda axes: _risk_coverage(axes, curves["risk_coverage"]))
        yield "Reliability", _draw(lambda axes: _reliability(axes, curves["reliability"]))
    if "recall" in curves and curves["recall"][0]["value"] is not None:
        yield "Recall by depth", _draw(lambda axes: _recall(axes, curves["recall"]))
    if errors and errors["wrong"]:
        yield "Classes of error", _draw(lambda axes: _errors(axes, errors))
    if latency:
        yield "Latency", _draw(lambda axes: _latency(axes, latency))


def _draw(paint: Callable[[Axes], None]) -> str:
    """Paint on fresh axes and return the SVG as a data URL; same data, same bytes."""
    from matplotlib import rc_context  # takes long to import; only a report needs it
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "citespan", "svg.fonttype": "none", "font.size": 10, "text.color": _INK}):
        figure = Figure(figsize=(5.6, 3.8), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        paint(axes)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _risk_coverage(axes: Axes, curve: Json) -> None:
    axes.plot(curve["coverage"], curve["risk"], color=_BLUE, linewidth=1.8)
    if curve["operating_point"]:
        coverage, risk = curve["operating_point"]
        axes.plot([coverage], [risk], "o", color=_ORANGE, label="the answers given")
        axes.legend(frameon=False, loc="upper left")
    axes.set(xlabel="coverage: share of questions answered, surest first", ylabel="risk: share of answers wrong")
    axes.set(xlim=(0, 1), ylim=(0, 1))


def _reliability(axes: Axes, bins: list[Json]) -> None:
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label="ideal")
    for place, item in enumerate(bins):
        label = "measured" if place == 0 else None
        axes.bar(
            item["low"],
            item["accuracy"],
            item["high"] - item["low"],
            align="edge",
            color=_BLUE,
            alpha=0.75,
            edgecolor="white",
            label=label,
        )
        axes.text(
            (item["low"] + item["high"]) / 2, item["accuracy"] + 0.015, str(item["count"]), ha="center", fontsize=8
        )
    axes.set(xlabel="confidence (the number is the questions in the bin)", ylabel="share of best candidates right")
    axes.set(xlim=(0, 1), ylim=(0, 1.06))
    axes.legend(frameon=False, loc="upper left")


def _recall(axes: Axes, points: list[Json]) -> None:
    depths = range(len(points))
    axes.plot(depths, [point["value"] for point in points], "o-", color=_BLUE, linewidth=1.8)
    axes.fill_between(
        depths,
        [point["low"] for point in points],
        [point["high"] for point in points],
        color=_BLUE,
        alpha=0.18,
        linewidth=0,
    )
    axes.set_xticks(list(depths), [str(point["depth"]) for point in points])
    axes.set(xlabel="documents looked at", ylabel="recall (band: 95 % interval)", ylim=(0, 1.02))


def _errors(axes: Axes, errors: Json) -> None:
    names = list(errors["classes"])[::-1]
    counts = [errors["classes"][name]["count"] for name in names]
    axes.barh(
        [
            name.replace(" but ranked", "\nbut ranked").replace(" but wrong passage", "\nbut wrong passage")
            for name in names
        ],
        counts,
        color=_BLUE,
    )
    for place, count in enumerate(counts):
        axes.text(
            count + 0.02 * max(counts),
            place,
            f"{count} ({100 * count / errors['wrong']:.1f} %)",
            va="center",
            fontsize=8,
        )
    axes.set(xlabel="wrong questions", xlim=(0, max(counts) * 1.3))
    axes.tick_params(axis="y", labelsize=8)


def _latency(axes: Axes, latency: Json) -> None:
    names = list(latency)
    values = [latency[name]["value"] for name in names]
    colours = [_BLUE if name.endswith("p50") else _ORANGE for name in names]
    axes.bar([figure_info(name).label.replace(" ", "\n") for name in names], values, color=colours)
    for place, value in enumerate(values):
        axes.text(place, value, f"{value:.0f}" if value >= 10 else f"{value:.1f}", ha="center", va="bottom", fontsize=8)
    axes.set(ylabel="milliseconds a question")
