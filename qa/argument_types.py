"""What the words of a call stand for: paths, numbers, dates, shards; what is none of these is refused in one line.

Each raises `argparse.ArgumentTypeError`, whose words argparse puts behind the option's name.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.loaders.columns import Columns
    from index.shards import Shard


def path(text: str) -> Path:
    """A file or folder."""
    if not text:
        raise argparse.ArgumentTypeError("expected a file or folder, got an empty name")
    return Path(text)


def columns(text: str) -> Columns:
    """The columns named; the room below says what is wrong with them."""
    from corpus.errors import UsageError
    from corpus.loaders.columns import Columns

    try:
        return Columns.parse(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def shard(text: str) -> Shard:
    """The shard named, as 3/8."""
    from corpus.errors import UsageError
    from index.shards import Shard

    try:
        return Shard.parse(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def glob(text: str) -> str:
    """A pattern for sources."""
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a pattern such as *ledger*, got nothing")
    return text


def first_day(text: str) -> date:
    """The first day of what is named."""
    return _bound(text)[0]


def last_day(text: str) -> date:
    """The last day of what is named."""
    return _bound(text)[1]


def _bound(text: str) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year."""
    from qa.filters.days import read_bound

    try:
        period = read_bound(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a date as 2022, 2022-03 or 2022-03-15, got {text!r}") from error
    return period.first, period.last


def positive(text: str) -> int:
    """A whole number of at least 1."""
    number = _integer(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return number


def port(text: str) -> int:
    """The number of a port."""
    number = _integer(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"expected a port between 0 and 65535, got {text!r}")
    return number


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}") from None


def probability(text: str) -> float:
    """A share between 0 and 1, both left out."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number between 0 and 1, got {text!r}") from None
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(f"expected a number between 0 and 1, got {text!r}")
    return number
