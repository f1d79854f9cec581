"""A question of one of the seven sets, with what is right for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from eval.formats.fields import optional_text, required_id, required_text, text_list
from eval.formats.lines import Place, Row, json_rows
from qa.abilities import Ability
from qa.filters.days import read_bound
from qa.filters.types import Filters
from qa.understanding import NO_FILTERS


class Part(StrEnum):
    """One of the sets; its file is `eval/sets/<part>.jsonl`."""

    AGREEMENT = "agreement"
    TIME = "time"
    FILTERS = "filters"
    FOLLOW_UPS = "follow-ups"
    LISTS = "lists"
    LONG = "long"
    COMBINING = "combining"

    @property
    def ability(self) -> Ability:
        """What the set measures."""
        return Ability(self.value)


@dataclass(frozen=True, slots=True)
class GoldValue:
    """A value that should be shown: its wordings, and the articles that give it."""

    wordings: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One question; which of the fields are filled depends on its part."""

    part: Part
    id: str
    question: str
    answers: tuple[str, ...] = ()
    """None means that the articles do not say, in the parts that ask for one answer."""
    documents: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    values: tuple[GoldValue, ...] = ()
    items: tuple[str, ...] = ()
    sentence: str = ""
    places: tuple[str, ...] = ()
    """Names that a citation or a supporting place must show."""


def read_part(part: Part) -> list[Case]:
    """The cases of a set; DatasetError names file and line of a malformed one."""
    path = Path(str(files("eval"))) / "sets" / f"{part.value}.jsonl"
    return [_case(part, row, place) for place, row in json_rows(path)]


def articles_folder() -> Path:
    """The small articles that the sets ask about, besides the sample articles of `corpus`."""
    return Path(str(files("eval"))) / "sets" / "articles"


def sample_folder() -> Path:
    """The sample articles."""
    return Path(str(files("corpus"))) / "sample"


def _case(part: Part, row: Row, place: Place) -> Case:
    document = optional_text(row, "document", place)
    return Case(
        part=part,
        id=required_id(row, "id", place),
        question=required_text(row, "question", place),
        answers=text_list(row, "answers", place),
        documents=(document, *text_list(row, "also", place)) if document else (),
        previous=text_list(row, "previous", place),
        filters=_filters(row, place),
        values=tuple(_values(row, place)),
        items=text_list(row, "items", place),
        sentence=optional_text(row, "sentence", place),
        places=text_list(row, "places", place),
    )


def _filters(row: Row, place: Place) -> Filters:
    since, until = optional_text(row, "since", place), optional_text(row, "until", place)
    try:
        return Filters(
            since=read_bound(since).first if since else None,
            until=read_bound(until).last if until else None,
            source=optional_text(row, "source", place) or None,
        )
    except ValueError as error:
        raise place.error(str(error)) from error


def _values(row: Row, place: Place) -> Iterator[GoldValue]:
    entries = row.get("values", [])
    if not isinstance(entries, list):
        raise place.error('"values" is no list of {"value", "documents"}')
    for entry in entries:
        if not isinstance(entry, dict):
            raise place.error('an entry of "values" is no object {"value", "documents"}')
        yield GoldValue(text_list(entry, "value", place), text_list(entry, "documents", place))
