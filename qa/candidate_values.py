"""The values of candidates, and which of them say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from qa.types import Evidence
from qa.values.grouping import group_values
from qa.values.reading import read_value
from qa.values.types import Quantity, Value


def value_of(evidence: Evidence) -> Value:
    """The value of a candidate as its article means it."""
    article = evidence.document
    return _value(evidence.text, article.published if article else None, article.text if article else "")


@lru_cache(maxsize=512)
def _value(text: str, published: date | None, article: str) -> Value:
    return read_value(text, published=published, article=article)


def value_groups(candidates: Sequence[Evidence]) -> list[list[int]]:
    """The positions of candidates with equal values, in order of first occurrence."""
    return group_values([value_of(one) for one in candidates])


def comparable(one: Value, other: Value) -> bool:
    """Whether two values can answer the same question differently: both of one kind and, of quantities, one unit."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.kind == other.kind and one.unit == other.unit
    return one.kind == other.kind
