"""Taking typed values out of a row; a wrong type or a missing value names its place."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.errors import DatasetError
from eval.formats.lines import Place, Row
from eval.types import Question


def required_text(row: Row, key: str, place: Place) -> str:
    """A text with at least one visible character."""
    value = optional_text(row, key, place)
    if not value.strip():
        raise place.error(f'"{key}" is missing or empty; every row needs it')
    return value


def optional_text(row: Row, key: str, place: Place) -> str:
    """A text, or the empty text where the row has none or null."""
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise place.error(f'"{key}" is {_kind(value)} where a text was expected')
    return checked_text(value, key, place)


def checked_text(value: str, key: str, place: Place) -> str:
    """`value` itself, once it is known to be text that UTF-8 can hold."""
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise place.error(f'"{key}" holds half of a surrogate pair; write the character itself')
    return value


def required_id(row: Row, key: str, place: Place) -> str:
    """An identifier: a text or a whole number."""
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return required_text(row, key, place)


def text_list(row: Row, key: str, place: Place) -> tuple[str, ...]:
    """A list of non-empty texts; a row without the key (or with null) has none."""
    value = row.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise place.error(f'"{key}" is {_kind(value)} where a list of texts was expected')
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise place.error(f'"{key}" holds {_kind(item)} where a non-empty text was expected')
        checked_text(item, key, place)
    return tuple(value)


def distinct(placed: Iterable[tuple[Place, Question]]) -> tuple[Question, ...]:
    """The questions, once it is known that no two share an id; DatasetError names the second one."""
    found: dict[str, tuple[Place, Question]] = {}
    place = None
    for place, question in placed:
        if question.id in found:
            first = found[question.id][0]
            raise place.error(f"the id {question.id!r} was used in line {first.line} already; ids must differ")
        found[question.id] = (place, question)
    if place is None:
        raise DatasetError("the set holds no question; write at least one row")
    return tuple(question for _, question in found.values())


def _kind(value: object) -> str:
    """A JSON value's type, as a person would call it."""
    if value == "":
        return "an empty text"
    names = {
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), "null")
