"""`python -m training.stopping --data DATA --cache DIR`: fits when enough passages have been read.

After `training.calibrate`, on the same questions, indexes, searches and readings. Half of the questions, by a hash of
their words, fit the rule; on the others it is reported what stopping costs against reading everything. What comes out
is kept in the cache, so that another risk takes seconds; `--anew` makes it again, as after a change of what judges.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from scipy.optimize import minimize

from eval.abstention import expected_calibration_error
from eval.metrics import is_right, token_f1
from index.types import ScoredPassage
from qa.abilities import ALL
from qa.agreement.family import family_of
from qa.agreement.view import agreement_view
from qa.calibration import CALIBRATION, Calibration
from qa.enough import STOPPING, WAVE, Known, Stopping, known, says
from qa.evidence import CandidateAnswer
from qa.model_folder import BUNDLED
from qa.open_reader import open_reader
from qa.reading import Desk, Found, judged
from qa.types import Reader, Reading
from qa.values.grouping import value_key
from qa.wording import answer_key
from training.calibrate import Floats
from training.calibration_cache import cache_mark
from training.calibration_data import GROUPS, Ask, collect, share_of

ANSWER_RISK, VIEW_RISK = 0.04, 0.2
"""Another answer is worse than an article that the agreement view lacks."""
RIDGE = 1.0
Shown = tuple[str, frozenset[tuple[str, str]]]
"""The answer's words, and which values the agreement view shows from which articles."""


@dataclass(frozen=True, slots=True)
class Risks:
    """The chances of another answer and of another agreement view below which reading stops."""

    answer: float
    view: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer as it is given after some of the passages."""

    read: int
    """Passages read in all, those that hold the answer's words included."""
    confidence: float
    right: bool
    f1: float
    shown: Shown
    known: Known | None = None
    """What was known when it was decided; None after all passages."""


@dataclass(frozen=True, slots=True)
class Case:
    """One ask: the outcome of stopping after each wave, by passages read, and that of reading everything."""

    kind: str
    """The kind of shelf it was put to."""
    question: str
    """The question that it was made of; all asks of one are in the same half."""
    answerable: bool
    waves: dict[int, Outcome]
    whole: Outcome

    @property
    def fits(self) -> bool:
        """Whether it is of the half that the rule is fitted on."""
        return share_of(self.question, "stopping half") >= 0.5


def case_of(kind: str, ask: Ask, desk: Desk) -> Case:
    """Read as the product does, from the readings at hand."""
    documents = {one.document.id: one.document for one in ask.candidates if one.document is not None}
    found = Found(ask.text, ask.scored, documents)
    waves = {}
    for read in range(WAVE, len(ask.scored), WAVE):
        readings = dict(enumerate(ask.readings[:read]))
        candidates = judged(desk, found, readings)
        if candidates:
            facts = known(ask.text, candidates[0], ask.scored, read)
            more = _also_read(candidates[0].text, ask.scored, ask.readings, read)
            final = judged(desk, found, readings | more) if more else candidates
            waves[read] = _outcome(ask, found, final, read + len(more), facts)
    every = judged(desk, found, dict(enumerate(ask.readings)))
    whole = _outcome(ask, found, every, len(ask.scored))
    return Case(kind, ask.question.text, ask.answerable, waves, whole)


def _also_read(
    answer: str, scored: Sequence[ScoredPassage], readings: Sequence[Reading], read: int
) -> dict[int, Reading]:
    return {at: readings[at] for at in range(read, len(scored)) if says(answer, scored[at])}


def _outcome(
    ask: Ask, found: Found, candidates: Sequence[CandidateAnswer], read: int, facts: Known | None = None
) -> Outcome:
    if not candidates:
        return Outcome(read, 0.0, False, 0.0, ("", frozenset()), facts)
    best = candidates[0]
    family = family_of(ask.text, candidates)
    view = agreement_view(family, found.documents, newest=False)
    values = frozenset((one.document_id, str(value_key(one.value))) for one in family if view)
    answers = ask.question.answers if ask.answerable else ()
    return Outcome(
        read,
        best.confidence,
        bool(answers) and is_right(best.text, answers),
        token_f1(best.text, answers) if answers else 0.0,
        (answer_key(best.text), values),
        facts,
    )


def fit(cases: Sequence[Case], reader: str, calibration: str, risks: Risks) -> dict[str, Any]:
    """The object that `qa.enough` reads: the chances of both changes, and the shifts of those that it stops."""
    rows = [(case, read, one, one.known) for case in cases for read, one in case.waves.items() if one.known is not None]
    facts = [known for _, _, _, known in rows]
    moved = [[one.shown[part] != case.whole.shown[part] for case, _, one, _ in rows] for part in (0, 1)]
    waves = sorted({read for _, read, _, _ in rows})
    values: dict[str, Any] = {
        "reader": reader,
        "calibration": calibration,
        "answer": _change(facts, moved[0], risks.answer),
        "view": _change(facts, moved[1], risks.view),
        "shifts": [[wave, 0.0] for wave in waves],
    }
    rule = Stopping.from_json(values, "the fit")
    lost: dict[int, list[float]] = {wave: [] for wave in waves}
    for case in cases:
        if (end := _end(case, rule)) is not None:
            read, one = end
            lost[read].append(log_odds(case.whole.confidence) - log_odds(one.confidence))
    values["shifts"] = [[wave, round(mean(lost[wave]), 4) if lost[wave] else 0.0] for wave in waves]
    return values


def _change(facts: Sequence[Known], changed: Sequence[bool], risk: float) -> dict[str, Any]:
    """One thing's chances of another outcome, after the first wave and later, and the risk that is taken."""
    values: dict[str, Any] = {"risk": risk}
    for name, is_first in (("first", True), ("later", False)):
        chosen = [at for at, known in enumerate(facts) if known.is_first is is_first]
        values[name] = _logistic([facts[at] for at in chosen], [changed[at] for at in chosen])
    return values


def _logistic(facts: Sequence[Known], changed: Sequence[bool]) -> dict[str, Any]:
    """A logistic regression with a ridge."""
    numbers = np.array([known.numbers for known in facts])
    means, scales = numbers.mean(axis=0), np.maximum(numbers.std(axis=0), 1e-6)
    inputs = np.column_stack([(numbers - means) / scales, np.ones(len(numbers))])
    signs = 2 * np.array(changed, dtype=np.float64) - 1

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = inputs @ weights
        free = np.append(weights[:-1], 0.0)  # the bias bears no penalty
        slope = -inputs.T @ (signs / (1 + np.exp(signs * odds))) + RIDGE * free
        return float(np.logaddexp(0, -signs * odds).sum() + RIDGE * (free @ free) / 2), slope

    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B").x
    weights = found[:-1] / scales
    return {
        "weights": dict(zip((one.name for one in fields(Known)), weights.round(6).tolist(), strict=True)),
        "bias": round(float(found[-1] - (weights * means).sum()), 6),
    }


def stopped(case: Case, rule: Stopping) -> Outcome:
    """What the product gives: the outcome of the first wave after which the rule says that it is enough."""
    end = _end(case, rule)
    if end is None:
        return case.whole
    read, one = end
    confidence = 1 / (1 + math.exp(-(log_odds(one.confidence) + dict(rule.shifts)[read])))
    return Outcome(one.read, confidence, one.right, one.f1, one.shown)


def _end(case: Case, rule: Stopping) -> tuple[int, Outcome] | None:
    """The passages and the outcome with which the rule ends the case; None where it reads all."""
    stops = ((read, one) for read, one in case.waves.items() if one.known is not None and rule.stops(one.known))
    return next(stops, None)


def figures(cases: Sequence[Case], rule: Stopping) -> dict[str, float]:
    """What stopping saves and costs on these cases; F1 and the calibration error in points, shares in percent."""
    pairs = [(stopped(case, rule), case.whole, case.answerable) for case in cases]
    asked = [(one, whole) for one, whole, answerable in pairs if answerable]

    def error(outcomes: Sequence[Outcome]) -> float:
        confidence = np.array([one.confidence for one in outcomes])
        return 100 * expected_calibration_error(confidence, np.array([float(one.right) for one in outcomes]))

    numbers = {
        "asks": len(cases),
        "read, mean": mean(one.read for one, _, _ in pairs),
        "read, mean, answerable": mean(one.read for one, _ in asked),
        "read, median, answerable": median(one.read for one, _ in asked),
        "F1, everything read": 100 * mean(whole.f1 for _, whole in asked),
        "F1": 100 * mean(one.f1 for one, _ in asked),
        "calibration error, everything read": error([whole for _, whole, _ in pairs]),
        "calibration error": error([one for one, _, _ in pairs]),
        "another answer, %": 100 * mean(one.shown[0] != whole.shown[0] for one, whole, _ in pairs),
        "another agreement view, %": 100 * mean(one.shown[1] != whole.shown[1] for one, whole, _ in pairs),
        "the same, of those that have a view, %": 100
        * mean([one.shown[1] != whole.shown[1] for one, whole, _ in pairs if whole.shown[1]] or [0.0]),
    }
    return {name: round(float(value), 2) for name, value in numbers.items()}


def log_odds(confidence: float) -> float:
    """Of a confidence, kept from the ends as the product keeps it."""
    bounded = min(max(confidence, 1e-3), 1 - 1e-3)
    return math.log(bounded / (1 - bounded))


def cases_of(call: argparse.Namespace, reader: Reader, judge: Calibration) -> Iterator[Case]:
    """The asks of the calibration, or a share of those put to folders; an ask of one wave has nothing to skip."""
    desk = Desk(reader, judge, ALL)
    for kind, ask in collect(call.data, call.cache, reader, call.groups, call.limit):
        wanted = kind == "wiki" or share_of(ask.text, "stopping") < call.share
        if wanted and len(ask.scored) > WAVE:
            yield case_of(kind, ask, desk)


def kept_cases(call: argparse.Namespace, reader: Reader, judge: Calibration) -> list[Case]:
    """The cases of this reader and calibration out of the cache, made where they are not there."""
    path = call.cache / f"stopping-{cache_mark(reader.fingerprint)}-{judge.fingerprint}-{call.share:g}.jsonl"
    if call.anew or not path.exists():
        rows = [json.dumps(asdict(case), default=sorted) for case in cases_of(call, reader, judge)]
        path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return [_case(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _case(row: dict[str, Any]) -> Case:
    waves = {int(read): _kept_outcome(one) for read, one in row["waves"].items()}
    return Case(row["kind"], row["question"], row["answerable"], waves, _kept_outcome(row["whole"]))


def _kept_outcome(row: dict[str, Any]) -> Outcome:
    words, values = row["shown"]
    shown = (words, frozenset((document, value) for document, value in values))
    facts = Known(**row["known"]) if row["known"] else None
    return Outcome(row["read"], row["confidence"], row["right"], row["f1"], shown, facts)


def main() -> None:
    """Collect, fit, write, print the report."""
    parser = argparse.ArgumentParser(prog="python -m training.stopping", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="as for training.calibrate")
    parser.add_argument("--cache", type=Path, required=True, help="the one that training.calibrate filled")
    parser.add_argument("--model", type=Path, default=BUNDLED, help="the reader's folder; the rule is written there")
    parser.add_argument("--groups", nargs="+", default=GROUPS, help="as for training.calibrate")
    parser.add_argument("--limit", type=int, help="as for training.calibrate")
    parser.add_argument("--share", type=float, default=1.0, help="of the asks put to small folders, which are many")
    parser.add_argument("--answer-risk", type=float, default=ANSWER_RISK, help="chance of another answer to take")
    parser.add_argument("--view-risk", type=float, default=VIEW_RISK, help="chance of another agreement view to take")
    parser.add_argument("--anew", action="store_true", help="make the outcomes again")
    call = parser.parse_args()
    opened = open_reader(call.model)
    judge = Calibration.load(call.model / CALIBRATION)
    cases = kept_cases(call, opened.reader, judge)
    risks = Risks(call.answer_risk, call.view_risk)
    own = [case for case in cases if case.fits]
    values = fit(own, opened.reader.fingerprint, judge.fingerprint, risks)
    rule = Stopping.from_json(values, "the fit")
    kinds = {kind: [case for case in cases if case.kind == kind and not case.fits] for kind in ("wiki", "folder")}
    values["report"] = {kind: figures(some, rule) for kind, some in kinds.items() if some}
    (call.model / STOPPING).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(values, indent=1))


if __name__ == "__main__":
    main()
