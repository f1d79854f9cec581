"""Numbers as they are written, in digits and in words, with their magnitudes: "14,000", "1.35m", "half a million"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_MAGNITUDES = {
    "hundred": 100,
    "dozen": 12,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
_SHORT_MAGNITUDES = {
    **{"k": 10**3, "mn": 10**6, "mln": 10**6, "m": 10**6},
    **{"bn": 10**9, "bln": 10**9, "b": 10**9, "tn": 10**12},
}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}

_MAGNITUDE = rf"(?:{'|'.join(_MAGNITUDES)})s?\b"
_DIGITS = r"(?:\d{1,3}(?:(?P<mark>[,'’\u00a0\u2009\u202f])\d{3})(?:(?P=mark)\d{3})*|\d+)(?:\.\d+)?(?!\d)"
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(list(_UNITS)[1:10])}))?|{'|'.join(reversed(_UNITS))})\b"
_WORDS = rf"(?:an?\s{_MAGNITUDE}|{_SMALL})(?:(?:\s(?:and\s)?|-)(?:{_MAGNITUDE}|{_SMALL}))*"
_PART = rf"(?P<over>an?|one|two|three|four|five)[\s-](?P<under>{'|'.join(_FRACTIONS)})s?\b|(?P<half>half)\b"

_IN_DIGITS = re.compile(
    rf"(?P<minus>[-−](?=\d)|minus\s)?(?P<digits>{_DIGITS})(?![.,:/]?\d)"
    rf"(?:(?P<short>{'|'.join(_SHORT_MAGNITUDES)})\b|(?P<long>(?:[\s-]{_MAGNITUDE})+))?",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(rf"(?P<words>{_WORDS})", re.IGNORECASE)
_AS_PART = re.compile(rf"(?:{_PART})(?:\s(?:of\s)?an?\s(?P<whole>{_MAGNITUDE}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read at the head of a text: its amount, and where its words end."""

    amount: Decimal
    end: int
    short: str = ""
    """The letters of a short magnitude that might be a unit: the "m" of "5m"."""
    part: bool = False
    """Whether it is a share of something ("a third")."""


def read_numeral(text: str, start: int = 0) -> Numeral | None:
    """The number that begins at `start`, None where none does."""
    if match := _IN_DIGITS.match(text, start):
        amount = Decimal(re.sub(r"[^\d.]", "", match["digits"])) * (-1 if match["minus"] else 1)
        short = (match["short"] or "").casefold()
        return Numeral(amount * _SHORT_MAGNITUDES.get(short, 1) * _product(match["long"] or ""), match.end(), short)
    if match := _AS_PART.match(text, start):
        over = 1 if match["half"] else _UNITS.get(match["over"].casefold(), 1)
        under = 2 if match["half"] else _FRACTIONS[match["under"].casefold()]
        return Numeral(Decimal(over) / under * _product(match["whole"] or ""), match.end(), part=not match["whole"])
    if match := _IN_WORDS.match(text, start):
        return Numeral(_in_words(match["words"]), match.end())
    return None


def _product(words: str) -> int:
    """The magnitudes of "hundred thousand" multiplied."""
    product = 1
    for word in re.findall(r"[a-z]+", words.casefold()):
        product *= _MAGNITUDES[word.removesuffix("s")]
    return product


def _in_words(words: str) -> Decimal:
    """Add up "two million three hundred and five thousand"; each larger magnitude takes what stands before it."""
    total = section = 0
    for word in re.findall(r"[a-z]+", words.casefold()):
        if word in _UNITS or word in _TENS:
            section += _UNITS.get(word, _TENS.get(word, 0))
        elif word.removesuffix("s") in _MAGNITUDES:
            size = _MAGNITUDES[word.removesuffix("s")]
            if size <= 100:
                section = (section or 1) * size
            else:
                total, section = total + (section or 1) * size, 0
    return Decimal(total + section)
