"""A quantity read from an answer's words: qualifier, number, magnitude, unit, and what is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, getcontext

from qa.values.numerals import Numeral, read_numeral
from qa.values.qualifiers import QUALIFIER
from qa.values.types import Kind, Quantity
from qa.values.units import Unit, currency_before, unit_after

_TO = re.compile(r"\s?(?:to|and|or|[-–—])\s?", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:(?:an?|the)\s)?(?:total|rise|increase|growth|fall|drop|loss|sum|record|average|median)\sof\s|between\s|from\s|by\s|a\s(?=\d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?P<h>\d{1,2}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?![\d:])")
_NOT_COUNTED = re.compile(r"one\sof\b|one\sanother\b|first\b|second\b(?!s)", re.IGNORECASE)
_NOUN = re.compile(r"\s?-?((?:[^\W\d_][\w’'-]*\s?){0,4})")
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def read_quantity(text: str) -> Quantity | None:
    """The quantity that `text` begins with, behind words that bound or introduce it; None where it begins otherwise."""
    at = match.end() if (match := _LEAD.match(text)) else 0
    qualifier = ""
    while bound := QUALIFIER.match(text, at):
        qualifier, at = f"{qualifier} {bound[0].strip()}".strip(), bound.end()
    if clock := _CLOCK.match(text, at):
        seconds = sum(int(clock[name]) * size for name, size in _SECONDS.items())
        return Quantity(Decimal(seconds), "s", qualifier=qualifier)
    if _NOT_COUNTED.match(text, at):
        return None
    found = _read(text, at)
    return None if found is None else replace(found[0], qualifier=qualifier)


def _read(text: str, start: int) -> tuple[Quantity, int] | None:
    """A single quantity, a range, or one in several units ("2 hours 11 minutes"), with where it ends."""
    one = _single(text, start)
    if one is None:
        return None
    quantity, end = one
    if (to := _TO.match(text, end)) and (other := _single(text, to.end())):
        return _range(quantity, other)
    while quantity.unit == "s" and (more := _single(text, _gap(text, end))) and more[0].unit == "s":
        quantity, end = replace(quantity, amount=quantity.amount + more[0].amount, noun=more[0].noun), more[1]
    return quantity, end


def _gap(text: str, end: int) -> int:
    match = re.compile(r",?\s(?:and\s)?").match(text, end)
    return match.end() if match else end


def _range(low: Quantity, other: tuple[Quantity, int]) -> tuple[Quantity, int]:
    """A range in the unit of its upper end; two numbers that do not rise are two numbers, and the first counts."""
    high, end = other
    if low.unit not in {"", high.unit}:
        return low, end
    scale = high.amount / low.amount if not low.unit and low.amount else Decimal(1)
    # "5 to 10 million": the magnitude of the upper end is that of both, where the lower has none of its own.
    factor = Decimal(10) ** (3 * ((scale.adjusted()) // 3)) if scale >= 1000 else Decimal(1)
    amount = low.amount * factor
    if amount >= high.amount:
        return low, end
    return replace(high, amount=amount, high=high.amount), end


def _single(text: str, start: int) -> tuple[Quantity, int] | None:
    sign = currency_before(text, start)
    numeral = read_numeral(text, sign[1] if sign else start)
    if numeral is None:
        return None
    if sign:
        after = unit_after(text, numeral.end)
        end = after[1] if after and after[0].kind is Kind.MONEY else numeral.end
        return _quantity(text, numeral, sign[0], end)
    if numeral.short and not _followed_by_noun(text, numeral):
        numeral = _plain(text, start, numeral)
    if numeral.part:
        return _quantity(
            text, replace(numeral, amount=100 * numeral.amount), Unit("%", Decimal(1), Kind.PERCENT), numeral.end
        )
    after = unit_after(text, numeral.end)
    return _quantity(text, numeral, *after) if after else _quantity(text, numeral, None, numeral.end)


def _followed_by_noun(text: str, numeral: Numeral) -> bool:
    """Whether the letters after the digits can only be a magnitude: "5bn", "1.2m people", "1.35m pounds"."""
    return numeral.short != "m" or re.match(r"\s[a-z]", text[numeral.end :]) is not None


def _plain(text: str, start: int, numeral: Numeral) -> Numeral:
    """The number without the letters that are its unit."""
    return read_numeral(text[: numeral.end - len(numeral.short)], start) or numeral


def _quantity(text: str, numeral: Numeral, unit: Unit | None, end: int) -> tuple[Quantity, int]:
    noun = match[1].strip() if (match := _NOUN.match(text, end)) else ""
    if unit is None:
        return Quantity(_tidied(numeral.amount), noun=noun), end
    return Quantity(_tidied(numeral.amount * unit.factor), unit.base, unit.kind, noun=noun), end


def _tidied(amount: Decimal) -> Decimal:
    """Without trailing zeros, at most twelve significant digits: "1.350" is 1.35, thirds are equal to thirds."""
    rounded = Decimal(f"{amount:.12g}")
    # Beyond the context's digits there is no writing it out, and quantize raises.
    written_out = rounded == rounded.to_integral_value() and rounded.adjusted() < getcontext().prec
    return rounded.quantize(Decimal(1)) if written_out else rounded.normalize()
