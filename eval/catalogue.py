"""Every figure of a report: what it is called, what it means, which direction is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.abstention import PRECISIONS
from eval.ranking import RECALL_DEPTHS


@dataclass(frozen=True, slots=True)
class FigureInfo:
    """How a figure is read; `unit` is "%" (stored as a share of 1), "ms" or "" (a plain number)."""

    label: str
    meaning: str
    unit: str = "%"
    higher_is_better: bool = True


def figure_info(name: str) -> FigureInfo:
    """What is known of a figure by its bare name (without its stage)."""
    return CATALOGUE[name]


def show(value: float | None, unit: str) -> str:
    """A value as a person reads it: shares in percent with one decimal, milliseconds likewise, numbers with three."""
    if value is None:
        return "n/a"
    if unit == "%":
        return f"{100 * value:.1f}"
    return f"{value:.1f}" if unit == "ms" else f"{value:.3f}"


def show_interval(figure: Mapping[str, Any], unit: str) -> str:
    """The interval of a figure of report.json, empty where the figure is undefined."""
    return "" if figure["value"] is None else f"{show(figure['low'], unit)} to {show(figure['high'], unit)}"


_RETRIEVAL = {
    **{
        f"recall@{depth}": FigureInfo(f"recall@{depth}", f"share of the relevant documents among the first {depth}")
        for depth in RECALL_DEPTHS
    },
    "MRR@10": FigureInfo("MRR@10", "mean of 1/rank of the first relevant document, 0 below rank 10", ""),
    "nDCG@10": FigureInfo("nDCG@10", "graded gain of the first 10 documents, discounted by rank, beside the ideal", ""),
    "MAP": FigureInfo("MAP", "mean over questions of the average precision of the ranking", ""),
}
_ANSWERS = {
    "EM": FigureInfo("EM, all questions", "exact match; an abstention is right where there is no answer"),
    "F1": FigureInfo("F1, all questions", "token F1; an abstention is right where there is no answer"),
    "EM_answerable": FigureInfo("EM, answerable", "exact match of the answer given; an abstention scores 0"),
    "F1_answerable": FigureInfo("F1, answerable", "token F1 of the answer given; an abstention scores 0"),
    "EM_span": FigureInfo("EM, best span", "exact match of the best candidate, whether it was given or kept back"),
    "F1_span": FigureInfo("F1, best span", "token F1 of the best candidate, whether it was given or kept back"),
    "abstained_unanswerable": FigureInfo("abstained, unanswerable", "questions without answer that were abstained on"),
    "wrongly_abstained": FigureInfo(
        "abstained, answerable", "questions with an answer that were abstained on", higher_is_better=False
    ),
    "answer_recall": FigureInfo("answer recall", "the right words are the answer or among the alternatives"),
    "right_article": FigureInfo(
        "right article", "answers to answerable questions whose first citation names a gold article"
    ),
    "citation_precision": FigureInfo("citation precision", "share of an answer's citations that name a gold article"),
    "right_and_cited": FigureInfo("right and cited", "answerable questions with right words and a gold article cited"),
    "verbatim": FigureInfo("verbatim", "answers whose every citation holds: same document hash, same words in place"),
}
_ABSTENTION = {
    "AURC": FigureInfo("AURC", "area under the risk-coverage curve: mean error over all coverages", "", False),
    "AUROC": FigureInfo("AUROC", "chance that a right candidate is surer than a wrong one", ""),
    **{
        f"coverage@{round(100 * precision)}%": FigureInfo(
            f"coverage at {round(100 * precision)} % precision",
            f"largest share of questions that can be answered with {round(100 * precision)} % of the answers right",
        )
        for precision in PRECISIONS
    },
    "ECE": FigureInfo("ECE", "mean distance of confidence and accuracy, over 10 bins", "", False),
}
_LATENCY = {
    f"{step}_{point}": FigureInfo(f"{step} {point}", f"{meaning} of the time to {step}", "ms", False)
    for step in ("retrieve", "read", "total")
    for point, meaning in (("p50", "median"), ("p95", "95th percentile"))
}

CATALOGUE = {**_RETRIEVAL, **_ANSWERS, **_ABSTENTION, **_LATENCY}

HEADLINES = (
    "end-to-end.EM",
    "end-to-end.F1",
    "end-to-end.EM_answerable",
    "end-to-end.F1_answerable",
    "end-to-end.right_article",
    "end-to-end.verbatim",
    "end-to-end.answer_recall",
    "end-to-end.abstained_unanswerable",
    "end-to-end.wrongly_abstained",
    "abstention.AURC",
    "abstention.AUROC",
    "abstention.ECE",
    "retrieval.recall@1",
    "retrieval.recall@5",
    "retrieval.recall@10",
    "retrieval.recall@50",
    "retrieval.MRR@10",
    "retrieval.nDCG@10",
    "retrieval.MAP",
    "reader.EM",
    "reader.F1",
    "reader.EM_span",
    "reader.F1_span",
)
"""The figures that the gate guards and that open a report, as `stage.name`."""
