"""Which values are one and the same, said in different words."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache

from qa.values.names import is_short_form
from qa.values.types import Name, Quantity, Value, When, Words


def group_values(values: Sequence[Value]) -> list[list[int]]:
    """The positions of equal values, in order of first occurrence; every position is in one group.

    A vaguer wording (no unit, a year for a day in it, a last name) joins the one fuller value that it fits, and stands
    for itself where it fits several.
    """
    return [list(group) for group in _grouped(tuple(values))]


@lru_cache(maxsize=64)
def _grouped(values: tuple[Value, ...]) -> tuple[tuple[int, ...], ...]:
    """Kept, because several features and the agreement view ask for the groups of the same candidates."""
    groups: dict[Hashable, list[int]] = {}
    for position, value in enumerate(values):
        groups.setdefault(value_key(value), []).append(position)
    heads = {key: values[members[0]] for key, members in groups.items()}
    kin: dict[type[Value], dict[Hashable, Value]] = {}
    for key, head in heads.items():
        kin.setdefault(type(head), {})[key] = head
    homes = {key: _home(key, kin[type(head)]) for key, head in heads.items()}
    merged: dict[Hashable, list[int]] = {}
    for key, members in groups.items():
        merged.setdefault(_end(key, homes), []).extend(members)
    return tuple(sorted(tuple(sorted(members)) for members in merged.values()))


def value_key(value: Value) -> Hashable:
    """What two equal values share; qualifiers and counted nouns are no part of it."""
    match value:
        case Quantity():
            return (value.kind, value.amount, value.high, value.unit)
        case When():
            return (value.kind, value.period)
        case Name():
            return (value.kind, value.key)
        case Words():
            return (value.kind, value.key)


def _home(key: Hashable, heads: dict[Hashable, Value]) -> Hashable:
    """The one fuller value that this one fits; of several that fit each other (a name in three lengths) the fullest.

    `heads` are the values of its own type: no other can be fuller.
    """
    if isinstance(heads[key], Words):
        return key
    fuller = [other for other, head in heads.items() if other != key and _is_vaguer(heads[key], head)]
    fullest = [one for one in fuller if not any(_is_vaguer(heads[one], heads[other]) for other in fuller)]
    return fullest[0] if len(fullest) == 1 else key


def _end(key: Hashable, homes: dict[Hashable, Hashable]) -> Hashable:
    """Where the chain of homes ends; it cannot circle, for each step is to a strictly fuller value."""
    while homes[key] != key:
        key = homes[key]
    return key


def _is_vaguer(one: Value, other: Value) -> bool:
    """Whether `one` may stand for `other` and says less."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        same = (one.amount, one.high) == (other.amount, other.high)
        return same and not one.unit and bool(other.unit)
    if isinstance(one, When) and isinstance(other, When):
        return one.period != other.period and one.period.contains(other.period)
    if isinstance(one, Name) and isinstance(other, Name):
        return is_short_form(one, other)
    return False
