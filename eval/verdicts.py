"""A comparison as text: a table, the verdicts, the questions won and lost."""

from __future__ import annotations

from collections.abc import Iterator

from eval.catalogue import figure_info, show
from eval.compare import Comparison, FigureComparison, p_text

_LISTED = 10


def comparison_text(comparison: Comparison) -> str:
    """What `python -m eval compare` prints, as Markdown."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"A: {comparison.a}"
    yield f"B: {comparison.b}"
    yield (
        f"{comparison.shared} questions in both"
        + (
            f", {comparison.only_a} only in A, {comparison.only_b} only in B"
            if comparison.only_a + comparison.only_b
            else ""
        )
        + ("" if comparison.same_set else "; WARNING: the files of the two sets differ")
    )
    yield from (
        "",
        "| figure | A | B | B - A | 95 % interval | p | p (Holm) | B better on | A better on | n |",
        "|---" * 10 + "|",
    )
    for figure in comparison.figures:
        yield _row(figure)
    yield ""
    for figure in comparison.figures:
        yield f"- {figure.verdict}"
    decided = [figure for figure in comparison.figures if figure.test.decided]
    strict = sum(figure.p_holm < 0.05 for figure in decided)
    yield ""
    yield (
        f"{len(decided)} of {len(comparison.figures)} figures differ at p < 0.05; {strict} of them also after Holm's "
        f"correction for testing {len(comparison.figures)} figures at once."
    )
    for figure in comparison.figures:
        yield from _lists(figure)


def _row(figure: FigureComparison) -> str:
    unit, test = figure_info(figure.name.partition(".")[2]).unit, figure.test
    cells = [
        figure.name,
        show(figure.a, unit),
        show(figure.b, unit),
        show(test.difference, unit),
        f"{show(test.low, unit)} to {show(test.high, unit)}",
        p_text(test.p),
        p_text(figure.p_holm),
        str(len(figure.won)),
        str(len(figure.lost)),
        str(test.n),
    ]
    return f"| {' | '.join(cells)} |"


def _lists(figure: FigureComparison) -> Iterator[str]:
    """The questions that changed sides, for the figures that tell one question from another."""
    if figure.name.partition(".")[2] not in {"F1", "nDCG@10", "F1_span"} or not (figure.won or figure.lost):
        return
    yield from ("", f"Questions by {figure.name}:")
    for who, ids in (("B better", figure.won), ("A better", figure.lost)):
        more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
        yield f"- {who} on {len(ids)}: {', '.join(ids[:_LISTED])}{more}"
