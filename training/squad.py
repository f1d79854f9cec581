"""The official SQuAD rules: normalisation, exact match, token F1."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces (the official script's order)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, golds: Iterable[str]) -> float:
    """1.0 when any gold equals the prediction after normalisation."""
    return float(any(normalise(prediction) == normalise(gold) for gold in golds))


def f1(prediction: str, gold: str) -> float:
    """Token overlap F1 of one pair; two empty strings agree."""
    left, right = normalise(prediction).split(), normalise(gold).split()
    if not left or not right:
        return float(left == right)
    common = sum((Counter(left) & Counter(right)).values())
    if common == 0:
        return 0.0
    precision, recall = common / len(left), common / len(right)
    return 2 * precision * recall / (precision + recall)


def best_f1(prediction: str, golds: Iterable[str]) -> float:
    """The best F1 over the golds."""
    return max(f1(prediction, gold) for gold in golds)


def holds(context: str, answer: str) -> bool:
    """Whether the normalised context contains the normalised answer as whole words."""
    return f" {normalise(answer)} " in f" {normalise(context)} "
