"""Units and currencies: the forms that articles write, and the base unit that each counts in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from qa.values.types import Kind


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a multiple of its base."""

    base: str
    factor: Decimal
    kind: Kind = Kind.NUMBER


_MEASURES = """
mm m .001: millimeter millimetre mm
cm m .01: centimeter centimetre cm
m m 1: meter metre m
km m 1000: kilometer kilometre km
mile m 1609.344: mile mi
foot m .3048: foot feet ft
inch m .0254: inch inches
m2 m2 1: square&meter square&metre m2 m² sqm sq&m
km2 m2 1000000: square&kilometer square&kilometre km2 km² sq&km
ha m2 10000: hectare ha
acre m2 4046.8564224: acre
l l 1: liter litre
ml l .001: milliliter millilitre ml
m3 l 1000: cubic&meter cubic&metre m3 m³
g g 1: gram gramme
kg g 1000: kilogram kilogramme kilo kg
t g 1000000: tonne ton metric&ton metric&tonne
lb g 453.59237: lb lbs
s s 1: second sec
min s 60: minute min
h s 3600: hour hr
d s 86400: day
week s 604800: week
month month 1: month
year year 1: year
decade year 10: decade
W W 1: watt
kW W 1000: kilowatt kW
MW W 1000000: megawatt MW
GW W 1000000000: gigawatt GW
Wh Wh 1: watt-hour Wh
kWh Wh 1000: kilowatt-hour kilowatt&hour kWh
MWh Wh 1000000: megawatt-hour megawatt&hour MWh
GWh Wh 1000000000: gigawatt-hour gigawatt&hour GWh
B B 1: byte
MB B 1000000: megabyte MB
GB B 1000000000: gigabyte GB
TB B 1000000000000: terabyte TB
km/h km/h 1: kilometer&an&hour kilometers&an&hour kilometers&per&hour km/h kph
kmh km/h 1: kilometre&an&hour kilometres&an&hour kilometres&per&hour
mph km/h 1.609344: mile&an&hour miles&an&hour miles&per&hour mph
dB dB 1: decibel dB
C C 1: degree&Celsius degrees&Celsius degree&centigrade degrees&centigrade °C degree
F F 1: degree&Fahrenheit degrees&Fahrenheit °F
% % 1: percent per&cent % pct
‰ % .1: ‰ per&mille
pp pp 1: percentage&point
"""
_CURRENCIES = """
USD: US$ $ dollar U.S.&dollar US&dollar USD
EUR: € euro EUR
GBP: £ pound pound&sterling pounds&sterling GBP
CNY: yuan renminbi RMB CNY RMB&yuan
JPY: yen JPY
INR: ₹ rupee INR
CHF: franc Swiss&franc CHF
HKD: HK$ Hong&Kong&dollar HKD
AUD: A$ AU$ Australian&dollar AUD
CAD: C$ CA$ Canadian&dollar CAD
SEK: Swedish&krona Swedish&kronor SEK
NOK: Norwegian&krone Norwegian&kroner NOK
KRW: ₩ won KRW
RUB: ₽ ruble rouble RUB
BRL: R$ Brazilian&real
¥: ¥
"""
_SUBUNITS = """
GBP .01: penny pence
cent .01: cent
"""


def _read_tables() -> dict[str, Unit]:
    """Every form in lower case, with its plural; signs and capitals that mean something else are settled by order."""
    table: dict[str, Unit] = {}
    for line in _MEASURES.strip().splitlines():
        head, _, forms = line.partition(": ")
        _, base, factor = head.split()
        _enter(table, forms, Unit(base, Decimal(factor), Kind.PERCENT if base in {"%", "pp"} else Kind.NUMBER))
    for line in _CURRENCIES.strip().splitlines():
        base, _, forms = line.partition(": ")
        _enter(table, forms, Unit(base, Decimal(1), Kind.MONEY))
    for line in _SUBUNITS.strip().splitlines():
        head, _, forms = line.partition(": ")
        base, factor = head.split()
        _enter(table, forms, Unit(base, Decimal(factor), Kind.MONEY))
    return table


def _enter(table: dict[str, Unit], forms: str, unit: Unit) -> None:
    for form in forms.split():
        words = form.replace("&", " ").casefold()
        table.setdefault(words, unit)
        if words[-1].isalpha() and len(words) > 3:
            table.setdefault(f"{words}s", unit)


_TABLE = _read_tables()
_SIGNS = sorted((form for form, unit in _TABLE.items() if not form[-1].isalnum() and unit.kind is Kind.MONEY), key=len)
_FORMS = sorted(_TABLE, key=len, reverse=True)
_BEFORE = re.compile(
    rf"(?:{'|'.join(re.escape(sign) for sign in reversed(_SIGNS))}|(?:usd|eur|gbp|cny|rmb|jpy)\s?)\s?", re.IGNORECASE
)
_AFTER = re.compile(rf"\s?-?\s?(?P<form>{'|'.join(re.escape(form) for form in _FORMS)})(?![\w²³/])", re.IGNORECASE)


def currency_before(text: str, start: int = 0) -> tuple[Unit, int] | None:
    """The currency whose sign begins at `start`, and where it ends."""
    match = _BEFORE.match(text, start)
    return (_TABLE[match[0].strip().casefold()], match.end()) if match else None


def unit_after(text: str, start: int) -> tuple[Unit, int] | None:
    """The unit that follows a number which ends at `start`, and where it ends."""
    match = _AFTER.match(text, start)
    return (_TABLE[match["form"].casefold()], match.end()) if match else None
