"""What is known of each candidate answer before its confidence is judged: cheap numbers, one row a candidate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.types import Passage
from qa import features_across as across
from qa.types import Evidence
from qa.wording import answer_key, stem

Matrix = NDArray[np.float64]
"""Shape [candidates, features]."""

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_QUESTION_WORDS = frozenset(
    word
    for line in (
        "a about an and any are as at be been being but by can could did do does for from had has have he her his how",
        "i if in into is it its many may me more most much my name of on or our out over please said say she should so",
        "some such tell than that the their them then there these they this those to up was we were what when where",
        "which while who whom whose why will with would you your",
    )
    for word in line.split()
)
_NUMBER_WANTED = re.compile(
    r"\bwhen\b|\bhow (?:many|much|old|long|far|tall|high|large|big|often|fast|deep)\b"
    r"|\b(?:what|which) (?:year|date|day|month|percent\w*|number|amount|share|population|age)\b",
    re.IGNORECASE,
)


def feature_matrix(question: str, candidates: Sequence[Evidence], names: Sequence[str]) -> Matrix:
    """The named features of all candidates of one question; raises KeyError for a name that is not in FEATURES."""
    if not candidates:
        return np.zeros((0, len(names)))
    return np.column_stack([FEATURES[name](question, candidates) for name in names]).astype(np.float64)


def _margin(_: str, candidates: Sequence[Evidence]) -> list[float]:
    return [one.candidate.score for one in candidates]


def _lead(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """Reader score above the best of a different answer; 0 for a lone answer, which is rare and means little."""
    keys = [answer_key(one.text) for one in candidates]
    scores = [one.candidate.score for one in candidates]
    rivals = [
        max((score for score, other in zip(scores, keys, strict=True) if other != key), default=None) for key in keys
    ]
    return [0.0 if rival is None else score - rival for score, rival in zip(scores, rivals, strict=True)]


def _relevance(_: str, candidates: Sequence[Evidence]) -> list[float]:
    return [one.relevance or 0.0 for one in candidates]


def _fused(_: str, candidates: Sequence[Evidence]) -> list[float]:
    return [one.scored.score for one in candidates]


def _dense(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """Cosine to the question; what the dense search did not return counts as its least among those read."""
    known = [one.scored.dense for one in candidates if one.scored.dense is not None]
    least = min(known, default=0.0)
    return [least if one.scored.dense is None else one.scored.dense for one in candidates]


def _dense_gap(question: str, candidates: Sequence[Evidence]) -> list[float]:
    cosines = _dense(question, candidates)
    return [cosine - max(cosines) for cosine in cosines]


def _lexical_share(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """BM25 as a share of the best among those read."""
    scores = [one.scored.lexical or 0.0 for one in candidates]
    best = max(scores) or 1.0
    return [score / best for score in scores]


def _coverage(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """Share of the question's content words that occur in the passage or in its title and heading."""
    return _shares_found(content_stems(question), candidates)


def _names_found(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """The same for its names and numbers alone: words with a capital or a digit, but for the first."""
    words = _WORD.findall(question)
    wanted = frozenset(stem(word) for word in words[1:] if word[0].isupper() or any(map(str.isdigit, word)))
    return _shares_found(wanted - _QUESTION_WORDS, candidates)


def _agreement(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """Logarithm of the number of passages that give this answer."""
    passages = {(answer_key(one.text), one.scored.passage.id) for one in candidates}
    count = Counter(key for key, _ in passages)
    return [float(np.log(count[answer_key(one.text)])) for one in candidates]


def _words(_: str, candidates: Sequence[Evidence]) -> list[float]:
    """Logarithm of the answer's length in words."""
    return [float(np.log(max(1, len(one.text.split())))) for one in candidates]


def _echo(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """Share of the answer's own content words that the question already held."""
    asked = content_stems(question)
    shares = []
    for one in candidates:
        given = content_stems(one.text)
        shares.append(len(given & asked) / len(given) if given else 0.0)
    return shares


def _number_fits(question: str, candidates: Sequence[Evidence]) -> list[float]:
    """1 where a number is asked for and given, -1 where it is asked for and not given, 0 where none is asked for."""
    if not _NUMBER_WANTED.search(question):
        return [0.0] * len(candidates)
    return [1.0 if any(map(str.isdigit, one.text)) else -1.0 for one in candidates]


FEATURES: dict[str, Callable[[str, Sequence[Evidence]], list[float]]] = {
    "margin": _margin,
    "lead": _lead,
    "relevance": _relevance,
    "fused": _fused,
    "dense": _dense,
    "dense_gap": _dense_gap,
    "lexical_share": _lexical_share,
    "coverage": _coverage,
    "names_found": _names_found,
    "agreement": _agreement,
    "words": _words,
    "echo": _echo,
    "number_fits": _number_fits,
    "time_agrees": across.time_agrees,
    "time_conflicts": across.time_conflicts,
    "year_missing": across.year_is_missing,
    "recency": across.recency,
    "names_in_document": across.names_in_document,
    "name_missing": across.name_missing,
    "value_agreement": across.value_agreement,
    "value_conflict": across.value_conflict,
}
"""Every feature a calibration may name."""


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(stem(word) for word in _WORD.findall(text)) - _QUESTION_WORDS


def _shares_found(wanted: frozenset[str], candidates: Sequence[Evidence]) -> list[float]:
    """For each candidate the share of `wanted` in its passage; 1 where nothing is wanted: there is nothing to miss."""
    passages = {one.scored.passage.id: one.scored.passage for one in candidates}
    shares = {key: share_held(wanted, one) for key, one in passages.items()}
    return [shares[one.scored.passage.id] for one in candidates]


def share_held(wanted: frozenset[str], passage: Passage) -> float:
    """The share of the stems `wanted` that occur in the passage or in its title and heading; 1 of none."""
    return len(wanted & _stems(passage.context, passage.text)) / len(wanted) if wanted else 1.0


@lru_cache(maxsize=256)
def _stems(context: str, text: str) -> frozenset[str]:
    """The stems of all words of a passage; kept, because it is judged again with each that is read after it."""
    return frozenset(stem(word) for word in _WORD.findall(f"{context} {text}"))
