r"""Scoring an answer against its gold by the rules of SQuAD's official scripts, to the last digit.

Normalisation, exact match and token F1 are those of evaluate-v1.1.py (Rajpurkar et al. 2016) and evaluate-v2.0.py
(Rajpurkar et al. 2018). The two differ only for texts that normalise to nothing: 1.1 gives an empty prediction F1 0
whatever the gold; 2.0 gives it 1 where the gold is empty too, leaves golds that normalise to nothing out, and takes
the empty text as the only right answer of a question that is left with none.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from eval.types import SquadRules

RIGHT_F1 = 0.5
"""From this token F1 on an answer counts as right where a verdict is needed (abstention, error classes): at least half
of the words are then shared. Exact match would call "14,000 firms" for "over 14,000 firms" wrong. The confidence is
fitted on the same verdict. Figures must agree besides, see `_same_figures`."""

_NUMBER_WORDS = frozenset(
    word
    for line in (
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen",
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion",
        "trillion",
    )
    for word in line.split()
)
"""Not "one", which is mostly no number."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no English articles, single spaces; in the official order."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, golds: Sequence[str], rules: SquadRules = SquadRules.V2) -> float:
    """1.0 when a gold equals the prediction after normalisation, else 0.0; no golds: only nothing is right."""
    normal = normalise(prediction)
    return float(any(normal == normalise(gold) for gold in _effective(golds, rules)))


def token_f1(prediction: str, golds: Sequence[str], rules: SquadRules = SquadRules.V2) -> float:
    """The best token F1 over the golds, in [0, 1]; no golds: 1.0 for the empty prediction alone."""
    return max(_pair_f1(prediction, gold, rules) for gold in _effective(golds, rules))


def _effective(golds: Sequence[str], rules: SquadRules) -> Sequence[str]:
    kept = [gold for gold in golds if normalise(gold)] if rules is SquadRules.V2 else golds
    return kept or [""]


def _pair_f1(prediction: str, gold: str, rules: SquadRules) -> float:
    predicted, wanted = normalise(prediction).split(), normalise(gold).split()
    if rules is SquadRules.V2 and (not predicted or not wanted):
        return float(predicted == wanted)
    shared = sum((Counter(predicted) & Counter(wanted)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(wanted)
    return (2 * precision * recall) / (precision + recall)


def is_right(prediction: str | None, golds: Sequence[str]) -> bool:
    """The verdict on an answer (None: an abstention) where yes or no is needed; no golds: abstaining is right."""
    if prediction is None or not golds:
        return prediction is None and not golds
    return any(token_f1(prediction, [gold]) >= RIGHT_F1 and _same_figures(prediction, gold) for gold in golds)


def _same_figures(prediction: str, gold: str) -> bool:
    """Whether one's numbers are all among the other's: "87.96 billion yuan" is not "26.56 billion yuan".

    A gold that gives a number asks for one; a prediction may say more than the gold, or less.
    """
    said, wanted = _figures(prediction), _figures(gold)
    return not wanted or (bool(said) and (said <= wanted or wanted <= said))


def _figures(text: str) -> set[str]:
    return {token for token in normalise(text).split() if token in _NUMBER_WORDS or any(map(str.isdigit, token))}


def holds_answer(text: str, golds: Sequence[str]) -> bool:
    """Whether `text` holds one of the golds as whole words, after normalisation."""
    padded = f" {normalise(text)} "
    return any(f" {normalise(gold)} " in padded for gold in golds if normalise(gold))


def official_scores(golds: Sequence[Sequence[str]], predictions: Sequence[str], rules: SquadRules) -> dict[str, float]:
    """What the official script prints, in percent, under its own keys; `predictions[i]` is "" for no answer.

    Rules 2.0 also give the parts with (HasAns) and without (NoAns) answers, where there are any.
    """
    scores = [
        (exact_match(prediction, gold, rules), token_f1(prediction, gold, rules), bool(gold))
        for gold, prediction in zip(golds, predictions, strict=True)
    ]
    if rules is SquadRules.V1:
        exact, f1, _ = _percent(scores)
        return {"exact_match": exact, "f1": f1}
    result = _keyed("", scores)
    for prefix, part in (
        ("HasAns_", [row for row in scores if row[2]]),
        ("NoAns_", [row for row in scores if not row[2]]),
    ):
        if part:
            result |= _keyed(prefix, part)
    return result


def _keyed(prefix: str, scores: Sequence[tuple[float, float, bool]]) -> dict[str, float]:
    exact, f1, total = _percent(scores)
    return {f"{prefix}exact": exact, f"{prefix}f1": f1, f"{prefix}total": total}


def _percent(scores: Sequence[tuple[float, float, bool]]) -> tuple[float, float, int]:
    total = len(scores)
    # Multiplied before it is divided, as the scripts do: the other order differs in the last digit.
    return 100.0 * sum(row[0] for row in scores) / total, 100.0 * sum(row[1] for row in scores) / total, total
