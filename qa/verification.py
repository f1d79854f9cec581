"""Checking saved answers against the index: whether every citation still stands where it says, word for word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.story import says
from corpus.types import Document
from qa.serialise import MalformedAnswerError, answer_from_json, citation_from_json
from qa.serialise_extras import extra_citations
from qa.types import Answer, Citation


class DocumentSource(Protocol):
    """The one thing that checking needs of an engine."""

    def document(self, document_id: str) -> Document:
        """The document with this id; raises KeyError for an unknown one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold; `where` is the key path in the row, empty for the row as a whole."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What checking one line of a file found; `id` is the row's own, where it has one."""

    line: int
    id: str | int | None
    citations: int
    problems: tuple[Problem, ...]


def verify_lines(lines: Iterable[str], source: DocumentSource) -> Iterator[RowCheck]:
    """Check the rows of a JSONL file in order, blank lines passed over; a row that is no answer has a problem."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield RowCheck(number, None, 0, (Problem("", f"is not JSON ({error})"),))
            continue
        row_id = row.get("id") if isinstance(row, dict) else None
        problems = verify_answer(row, source)
        yield RowCheck(number, row_id if isinstance(row_id, str | int) else None, _count(row), tuple(problems))


def verify_answer(row: object, source: DocumentSource) -> list[Problem]:
    """Everything that does not hold in one saved answer; empty when all does."""
    if not isinstance(row, dict):
        return [Problem("", f"is {type(row).__name__}, expected a JSON object")]
    try:
        answer = answer_from_json(row)
    except MalformedAnswerError as error:
        return [Problem("", str(error))]
    problems = _verify_whole(answer)
    for number, citation in enumerate(answer.citations):
        problems += verify_citation(citation, source, f"citations[{number}]")
    for number, other in enumerate(answer.alternatives):
        where = f"alternatives[{number}]"
        if other.answer != other.citation.quote:
            problems.append(
                Problem(
                    where, f"answer {_short(other.answer)} is not its citation's quote {_short(other.citation.quote)}"
                )
            )
        problems += verify_citation(other.citation, source, f"{where}.citation")
    return problems + _verify_extras(row, source)


def _verify_extras(row: Mapping[str, Any], source: DocumentSource) -> list[Problem]:
    """The citations under the optional keys: other values, years, items, sentences, further places."""
    problems = []
    for where, entry in extra_citations(row):
        try:
            problems += verify_citation(citation_from_json(entry, where), source, where)
        except MalformedAnswerError as error:
            problems.append(Problem("", str(error)))
    return problems


def verify_citation(citation: Citation, source: DocumentSource, where: str) -> list[Problem]:
    """What does not hold of one citation: its document, hash, quote, passage."""
    try:
        document = source.document(citation.document_id)
    except KeyError:
        return [Problem(where, f"document {_short(citation.document_id)} is not in the index")]
    problems = []
    if document.sha256 != citation.document_sha256:
        problems.append(
            f"the article changed: its SHA-256 is {document.sha256[:12]}…, not {_short(citation.document_sha256[:12])}"
        )
    for name, span, said in (
        ("quote", citation.span, citation.quote),
        ("passage", citation.passage, citation.passage_text),
    ):
        found = span.of(document.text)
        if not said.strip():
            problems.append(f"the {name} is blank")
        elif found != said:
            problems.append(
                f"the {name} {_short(said)} is not at {span.start}..{span.end}, where stands {_short(found)}"
            )
    if not citation.passage.contains(citation.span):
        problems.append("the quote lies outside its passage")
    problems += _verify_copies(citation, source)
    return [Problem(where, what) for what in problems]


def _verify_copies(citation: Citation, source: DocumentSource) -> Iterator[str]:
    """What does not hold of the other articles that are said to have the words too."""
    for other in citation.also_in:
        try:
            found = source.document(other.document_id)
        except KeyError:
            yield f"document {_short(other.document_id)}, named in also_in, is not in the index"
            continue
        if not says(found.text, citation.quote):
            yield f"document {_short(other.document_id)}, named in also_in, does not hold the quote"


def _verify_whole(answer: Answer) -> list[Problem]:
    """What must hold of an answer as a whole."""
    if answer.text is None:
        return [Problem("citations", "an abstention cites nothing")] if answer.citations else []
    if not answer.citations:
        return [Problem("citations", "an answer needs at least one")]
    quote = answer.citations[0].quote
    if answer.text != quote:
        return [Problem("answer", f"{_short(answer.text)} is not the first citation's quote {_short(quote)}")]
    return []


def _count(row: object) -> int:
    """How many citations a row holds, alternatives included."""
    if not isinstance(row, Mapping):
        return 0
    lists: list[Any] = [row.get("citations"), row.get("alternatives")]
    return sum(len(entries) for entries in lists if isinstance(entries, list))


def _short(text: str) -> str:
    """Quoted, on one line, cut where it is long."""
    return repr(text if len(text) <= 60 else text[:59] + "…")
