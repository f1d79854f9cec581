"""The rows that travel between the steps, as gzipped JSONL."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """A question as the published files hold it."""

    id: str
    dataset: str
    question: str
    context: str
    answers: tuple[tuple[str, int], ...]
    """(text, start) pairs; none means that the context does not answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its one training span; `start == end == -1` means unanswerable."""

    id: str
    dataset: str
    question: str
    context: str
    start: int
    end: int
    golds: tuple[str, ...]
    hard: tuple[int, ...] = ()
    """Row numbers whose contexts a lexical search ranks high and that hold no gold answer."""

    @property
    def answerable(self) -> bool:
        """Whether the row has a span."""
        return self.start >= 0


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_examples(path: Path) -> list[Example]:
    """A published QA file."""
    return [
        Example(
            id=str(raw["id"]),
            dataset=raw["dataset"],
            question=raw["question"].strip(),
            context=raw["context"],
            answers=tuple((answer["text"], int(answer["start"])) for answer in raw["answers"]),
        )
        for raw in read_jsonl(path)
    ]


def read_rows(path: Path) -> list[Row]:
    """The data step's output."""
    return [Row(**{**raw, "golds": tuple(raw["golds"]), "hard": tuple(raw["hard"])}) for raw in read_jsonl(path)]


def write_jsonl(path: Path, objects: Iterable[dict[str, Any]]) -> None:
    """Write whole or not at all; no time stamp inside, so the same rows give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        for item in objects:
            out.write((json.dumps(item, ensure_ascii=False) + "\n").encode())
    temporary.replace(path)


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Save the selected rows."""
    write_jsonl(path, (asdict(row) for row in rows))


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Save examples in the published layout."""
    write_jsonl(
        path,
        (
            {**asdict(example), "answers": [{"text": text, "start": start} for text, start in example.answers]}
            for example in examples
        ),
    )
