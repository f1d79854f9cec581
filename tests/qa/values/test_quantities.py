from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.values.quantities import read_quantity
from qa.values.types import Kind


def read(text: str) -> tuple[float, str] | None:
    quantity = read_quantity(text)
    return None if quantity is None else (float(quantity.amount), quantity.unit)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("14,000", 14_000, ""),
        ("14 thousand", 14_000, ""),
        ("more than 14,000 companies", 14_000, ""),
        ("26.56 billion yuan", 26.56e9, "CNY"),
        ("RMB 26.56 billion", 26.56e9, "CNY"),
        ("100-billion-yuan", 1e11, "CNY"),
        ("$5m", 5e6, "USD"),
        ("US$5 million", 5e6, "USD"),
        ("£1.35 million", 1.35e6, "GBP"),
        ("1.35m pounds", 1.35e6, "GBP"),
        ("14.5 pence", 0.145, "GBP"),
        ("10.7 percent", 10.7, "%"),
        ("10.7%", 10.7, "%"),
        ("a rise of 20.4 percent", 20.4, "%"),
        ("half", 50, "%"),
        ("three quarters", 75, "%"),
        ("half a million", 500_000, ""),
        ("Seven firms", 7, ""),
        ("twenty-one", 21, ""),
        ("one hundred and five", 105, ""),
        ("a million", 1e6, ""),
        ("two hundred thousand", 200_000, ""),
        ("two dozen", 24, ""),
        ("1.2m people", 1.2e6, ""),
        ("5 m", 5, "m"),
        ("11.8 kilometers", 11_800, "m"),
        ("over 1 million square meters", 1e6, "m2"),
        ("149 kilometers an hour", 149, "km/h"),
        ("2 hours 11 minutes 48 seconds", 7908, "s"),
        ("2:11:48", 7908, "s"),
        ("minus 5", -5, ""),
        ("2.3 degrees", 2.3, "C"),
    ],
)
def test_numbers_with_magnitudes_and_units(text: str, amount: float, unit: str) -> None:
    assert read(text) == (amount, unit)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("between 6 and 8 percent", 6, 8), ("5 to 10 million", 5e6, 1e7), ("20-30 years", 20, 30)],
)
def test_ranges_have_both_ends(text: str, low: float, high: float) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (float(quantity.amount), float(quantity.high or 0)) == (low, high)


@pytest.mark.parametrize(("text", "qualifier"), [("more than 14,000", "more than"), ("about 60", "about"), ("9", "")])
def test_the_words_that_bound_a_number_are_kept(text: str, qualifier: str) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert quantity.qualifier == qualifier


@pytest.mark.parametrize(
    "text", ["", "Line 2", "One of its officials", "0.4:39.5:60.1", "at 4:52 am", "the zone", "1.2.3"]
)
def test_what_is_no_quantity(text: str) -> None:
    assert read_quantity(text) is None


def test_kinds() -> None:
    kinds = [quantity.kind for text in ("5", "5 %", "5 euros") if (quantity := read_quantity(text))]
    assert kinds == [Kind.NUMBER, Kind.PERCENT, Kind.MONEY]


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**12))
def test_every_way_to_write_a_whole_number_is_the_same(number: int) -> None:
    ways = [str(number), f"{number:,}", f"about {number:,}", f"{number:,} firms", f"{number:,}".replace(",", "\u202f")]
    assert {read(way) for way in ways} == {(float(number), "")}


@settings(deadline=None, max_examples=50)
@given(st.decimals(min_value=0, max_value=1000, places=2), st.sampled_from(["yuan", "dollars", "euros", "percent"]))
def test_magnitudes_multiply(number: Decimal, unit: str) -> None:
    thousand, million = read_quantity(f"{number} thousand {unit}"), read_quantity(f"{number} million {unit}")
    assert thousand is not None
    assert million is not None
    assert million.amount == 1000 * thousand.amount


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=80))
@example("9999999999995000000000000000")
@example(f"{'9' * 70} tonnes")
def test_any_text_can_be_read(text: str) -> None:
    quantity = read_quantity(text)
    assert quantity is None or quantity.amount.is_finite()
