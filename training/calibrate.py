"""`python -m training.calibrate --data DATA --cache DIR`: fits the confidence of answers and when to abstain.

Questions fall into three parts by a hash of their words: one fits the weights and the curve, one finds the thresholds,
one is only reported on. Run again when the reader changes: indexes and searches are kept, the readings are made anew.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import beta

from eval.abstention import aurc, auroc, coverage_at_precision, expected_calibration_error
from qa.calibration import CALIBRATION, Calibration, competing_shares
from qa.features import FEATURES, feature_matrix
from qa.model_folder import BUNDLED
from qa.open_reader import open_reader
from qa.precision import PRECISIONS
from qa.wording import answer_key
from training.calibration_data import GROUPS, Ask, collect, share_of

Floats = NDArray[np.float64]
RIDGE = 1.0
ALPHA = 0.05
"""The thresholds hold with 95 % confidence."""
STARTS = (0.1, 0.2, 0.35, 0.5)
FIT_SHARE = 0.5
"""Of the questions, by `share_of(text, "part")`, those that the weights are fitted on."""
TARGETS = tuple(round(0.01 * step, 2) for step in range(1, 61))
LEFT_OUT = {"lead"}
"""The competition between candidates says it already: with it nothing was gained on the development questions."""


@dataclass(frozen=True, slots=True)
class Case:
    """An ask as numbers: features of its candidates, which are right, and which say the same."""

    set: str
    ask: Ask
    matrix: Floats
    right: Floats
    keys: tuple[str, ...]


def part_of(case: Case) -> str:
    """fit, threshold or report: a question is in one of them with all its asks, in whatever set."""
    place = share_of(case.ask.question.text, "part")
    return "fit" if place < FIT_SHARE else "threshold" if place < 0.75 else "report"


def fit_weights(cases: Sequence[Case]) -> Floats:
    """Weights and bias that maximise the likelihood of some right candidate (of none, where none is), with a ridge."""
    inputs, right, there = _padded(cases)
    answered = right.any(axis=1)

    def loss(weights: Floats) -> tuple[float, Floats]:
        strengths = np.where(there, inputs @ weights, -np.inf)
        top = np.maximum(strengths.max(axis=1, initial=0.0), 0.0)
        raised = np.exp(strengths - top[:, None])
        shares = raised / (raised.sum(axis=1) + np.exp(-top))[:, None]
        hit = (shares * right).sum(axis=1)
        likelihood = np.maximum(np.where(answered, hit, 1 - shares.sum(axis=1)), 1e-12)
        wanted = shares * right / np.where(answered, likelihood, 1.0)[:, None]
        free = weights.copy()
        free[-1] = 0.0  # the bias bears no penalty
        slope = np.einsum("cif,ci->f", inputs, shares - wanted) + RIDGE * free
        return float(RIDGE * (free @ free) / 2 - np.log(likelihood).sum()), slope

    found: Floats = minimize(loss, np.zeros(inputs.shape[2]), jac=True, method="L-BFGS-B").x
    return found


def _padded(cases: Sequence[Case]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Features with a last column of ones [cases, candidates, features + 1], which are right, and which are there."""
    most = max(len(case.matrix) for case in cases)
    inputs = np.zeros((len(cases), most, cases[0].matrix.shape[1] + 1))
    right, there = np.zeros((len(cases), most)), np.zeros((len(cases), most), dtype=bool)
    for row, case in enumerate(cases):
        size = len(case.matrix)
        inputs[row, :size, :-1], inputs[row, :size, -1] = case.matrix, 1.0
        right[row, :size], there[row, :size] = case.right, True
    return inputs, right, there


def best_share(case: Case, weights: Floats) -> tuple[float, bool]:
    """The share of the best answer, and whether it is right."""
    if not len(case.matrix):
        return 0.0, False
    shares = competing_shares(np.column_stack([case.matrix, np.ones(len(case.matrix))]) @ weights)
    sums: dict[str, float] = {}
    for key, share in zip(case.keys, shares, strict=True):
        sums[key] = sums.get(key, 0.0) + float(share)
    best = max(sums, key=lambda key: sums[key])
    at = max((place for place, key in enumerate(case.keys) if key == best), key=lambda place: shares[place])
    return sums[best], bool(case.right[at])


def fit_curve(shares: Floats, right: Floats) -> tuple[float, float]:
    """Slope and intercept of the logistic curve from the log-odds of a share to being right."""
    bounded = np.clip(shares, 1e-9, 1 - 1e-9)
    odds = np.log(bounded / (1 - bounded))

    def loss(line: Floats) -> float:
        return float(np.logaddexp(0, -(2 * right - 1) * (line[0] * odds + line[1])).sum())

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return float(slope), float(intercept)


def fit(cases: Sequence[Case]) -> tuple[Floats, tuple[float, float]]:
    """Weights from all cases; the curve from shares that each half's cases get from the other half's weights."""
    halves = [
        [case for case in cases if (share_of(case.ask.question.text, "half") < 0.5) is side] for side in (True, False)
    ]
    others = [fit_weights(half) for half in reversed(halves)]
    found = [best_share(case, weights) for half, weights in zip(halves, others, strict=True) for case in half]
    shares, right = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    return fit_weights(cases), fit_curve(shares, right)


def upper_bounds(errors: Floats, answered: Floats, alpha: float) -> Floats:
    """Clopper-Pearson: but for a chance of `alpha` each error rate is below its bound."""
    all_wrong = errors >= answered
    bounds = beta.ppf(1 - alpha, errors + 1, np.where(all_wrong, 1, answered - errors))
    return np.where(all_wrong, 1.0, bounds)


def threshold_for(target: float, confidence: Floats, right: Floats) -> float | None:
    """The lowest confidence whose answers err at most at `target`, with 95 % certainty, or None.

    Fixed-sequence testing with several starts (Angelopoulos et al. 2021, Learn then Test): from each start, a share of
    questions answered that is set before any label is seen, thresholds are tried from strict to lax until one fails, at
    an equal part of the error budget; so no correction for trying many thresholds is due.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked, errors = confidence[order], np.cumsum(1 - right[order])
    passed = upper_bounds(errors, np.arange(1.0, len(ranked) + 1), ALPHA / len(STARTS)) <= target
    ends_group = np.append(ranked[1:] < ranked[:-1], True)
    best = None
    for start in STARTS:
        for place in range(int(start * len(ranked)), len(ranked)):
            if not ends_group[place]:
                continue
            if not passed[place]:
                break
            best = ranked[place] if best is None else min(best, ranked[place])
    return None if best is None else float(best)


def figures(calibration: Calibration, cases: Sequence[Case]) -> dict[str, float | int | None]:
    """What the confidence is worth on these cases, and what the default target does to them; shares, in [0, 1]."""
    judged = [judge_case(calibration, case) for case in cases]
    confidence, right = (np.array(column, dtype=np.float64) for column in zip(*judged, strict=True))
    given, hit = confidence >= calibration.threshold(), right > 0
    answerable = np.array([case.ask.answerable for case in cases])
    numbers = {
        "right, answerable": share(hit, answerable),
        "AUROC": auroc(confidence, right),
        "AURC": aurc(confidence, right),
        "ECE": expected_calibration_error(confidence, right),
        "coverage at 80 % precision": coverage_at_precision(confidence, right, 0.8),
        "coverage at 90 % precision": coverage_at_precision(confidence, right, 0.9),
        "answered": share(given, np.ones_like(given)),
        "wrong of those answered": share(~hit, given),
        "abstained, unanswerable": share(~given, ~answerable),
        "abstained, answerable": share(~given, answerable),
        "abstained though right, answerable": share(~given & hit, answerable),
    }
    rounded = {name: None if value is None else round(float(value), 4) for name, value in numbers.items()}
    return {"asks": len(cases), "unanswerable": int((~answerable).sum())} | rounded


def share(what: NDArray[np.bool_], among: NDArray[np.bool_]) -> float | None:
    """How many of the cases `among` are `what`; None where there are no such cases."""
    return float(what[among].mean()) if among.any() else None


def calibrate(cases: Sequence[Case], names: Sequence[str], reader: str, default: float) -> dict[str, Any]:
    """The object that `qa.calibration` reads, its report included."""
    parts = {name: [case for case in cases if part_of(case) == name] for name in ("fit", "threshold", "report")}
    stacked = np.vstack([case.matrix for case in parts["fit"]])
    means, scales = stacked.mean(axis=0), np.maximum(stacked.std(axis=0), 1e-6)
    standard = [
        Case(case.set, case.ask, (case.matrix - means) / scales, case.right, case.keys) for case in parts["fit"]
    ]
    weights, (slope, intercept) = fit(standard)
    values: dict[str, Any] = {
        "reader": reader,
        "features": list(names),
        "means": means.round(6).tolist(),
        "scales": scales.round(6).tolist(),
        "weights": weights[:-1].round(6).tolist(),
        "bias": round(float(weights[-1]), 6),
        "curve": {"slope": round(slope, 6), "intercept": round(intercept, 6)},
        "thresholds": [[1.0, 0.0]],
        "default_target_error": default,
    }
    found = [judge_case(Calibration.from_json(values, "the fit"), case) for case in parts["threshold"]]
    confidence, right = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    needed = [(target, threshold_for(target, confidence, right)) for target in TARGETS]
    values["thresholds"] = [[target, floor_digits(value)] for target, value in needed if value is not None] + [
        [1.0, 0.0]
    ]
    calibration = Calibration.from_json(values, "the fit")
    values["parts"] = {name: len(part) for name, part in parts.items()}
    by_set = {
        name: [case for case in parts["report"] if case.set == name] for name in sorted({case.set for case in cases})
    }
    values["report"] = {
        name: figures(calibration, some) for name, some in {"all": parts["report"], **by_set}.items() if some
    }
    return values


def judge_case(calibration: Calibration, case: Case) -> tuple[float, bool]:
    """Confidence of the best answer, and whether it is right."""
    answers = calibration.judge(case.ask.text, case.ask.candidates)
    if not answers:
        return 0.0, False
    best = answers[0].places[0].evidence
    return answers[0].confidence, case.ask.right[case.ask.candidates.index(best)]


def floor_digits(confidence: float) -> float:
    """Six digits, rounded down, so that the answer which set the threshold passes it."""
    return float(np.floor(confidence * 1e6) / 1e6)


def main() -> None:
    """Collect, fit, write, print the report."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with ir/openqa_wiki_dev and qa/core_dev.jsonl.gz"
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder for indexes, searches and readings")
    parser.add_argument(
        "--model",
        type=Path,
        default=BUNDLED,
        help="the reader's folder, ours or a Hugging Face model's; the calibration is written there",
    )
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="fit for these weights; written to calibration_PRECISION.json"
    )
    parser.add_argument(
        "--groups",
        nargs="+",
        default=GROUPS,
        help="datasets of core_dev that the reader was not trained on",
    )
    parser.add_argument("--limit", type=int, help="at most this many questions of each set")
    parser.add_argument("--default-target-error", type=float, default=0.2)
    call = parser.parse_args()
    call.cache.mkdir(parents=True, exist_ok=True)
    opened = open_reader(call.model, call.precision)
    names = [name for name in FEATURES if name not in LEFT_OUT and (name != "relevance" or opened.has_relevance)]
    cases = [
        Case(
            name,
            ask,
            feature_matrix(ask.text, ask.candidates, names),
            np.array(ask.right, dtype=np.float64),
            tuple(answer_key(one.text) for one in ask.candidates),
        )
        for name, ask in collect(call.data, call.cache, opened.reader, call.groups, call.limit)
    ]
    values = calibrate(cases, names, opened.reader.fingerprint, call.default_target_error)
    values["fitted_on"] = {
        "sets": ["openqa_wiki_dev", *(f"core_dev:{group}" for group in call.groups)],
        "limit": call.limit,
    }
    target = f"calibration_{call.precision}.json" if call.precision else CALIBRATION
    (call.model / target).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    print(
        json.dumps({"weights": dict(zip(names, values["weights"], strict=True)), "report": values["report"]}, indent=1)
    )
    print("thresholds", [pair for pair in values["thresholds"] if round(100 * pair[0]) % 5 == 0])


if __name__ == "__main__":
    main()
