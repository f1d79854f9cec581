"""The values that words can stand for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from qa.periods.types import Period


class Kind(StrEnum):
    """What sort of value it is; only values of one kind are compared."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    NAME = "name"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the base unit of its dimension: "14 thousand" is 14000, "2.5 km" is 2500 of "m"."""

    amount: Decimal
    unit: str = ""
    """Base unit ("m", "s", "%", an ISO 4217 currency); empty for what is merely counted."""
    kind: Kind = Kind.NUMBER
    high: Decimal | None = None
    """The upper end of a range."""
    qualifier: str = ""
    """The words that bound it, as written: "more than", "about"; they tell wordings apart, not values."""
    noun: str = ""
    """What is counted, as written after the number."""


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of time."""

    period: Period
    qualifier: str = ""

    @property
    def kind(self) -> Kind:
        """Always a date."""
        return Kind.DATE


@dataclass(frozen=True, slots=True)
class Name:
    """The name of someone or something, without titles and legal forms, in its own letters."""

    words: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """Always a name."""
        return Kind.NAME

    @property
    def key(self) -> tuple[str, ...]:
        """The words as they are compared."""
        return _folded(self.words)


@lru_cache(maxsize=4096)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Kept, because each name is compared with every other."""
    return tuple(word.casefold().rstrip(".") for word in words)


@dataclass(frozen=True, slots=True)
class Words:
    """Anything else: equal where its words are (`qa.wording.answer_key`)."""

    key: str

    @property
    def kind(self) -> Kind:
        """Always text."""
        return Kind.TEXT


Value = Quantity | When | Name | Words
