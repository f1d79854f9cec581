"""An answer as JSON: exactly the keys of the contract, in its order; `publisher` and `url` follow in a citation.

A last key, `"calibrated": false`, stands in answers of a reader that no calibration was fitted for, and only there.

A citation's `score` is the calibrated probability that the answer is right as it stands at that place. The passages
that were read but not cited (`Answer.nearest`) are for the page; they are not part of the JSON. What an answer has
beyond the contract's first keys (other articles, years, items) follows them, each key only where there is something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from corpus.types import Span
from qa.citation_json import CONFIDENCE_DIGITS, citation_to_json
from qa.serialise_extras import extras_to_json
from qa.types import AlsoIn, Alternative, Answer, Citation, Timings


class MalformedAnswerError(ValueError):
    """A saved row is not of the contract's shape; the message names the key and what was expected of it."""


_Kind = TypeVar("_Kind")
_TIMING_DIGITS = 1


def answer_to_json(answer: Answer, id: str | int | None) -> dict[str, Any]:
    """One answer as a JSON object; `id` is the caller's, given back as it came."""
    row = {
        "id": id,
        "question": answer.question,
        "answer": answer.text,
        "confidence": round(answer.confidence, CONFIDENCE_DIGITS),
        "abstained": answer.abstained,
        "reason": answer.reason,
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "alternatives": [
            {
                "answer": other.answer,
                "confidence": round(other.confidence, CONFIDENCE_DIGITS),
                "citation": citation_to_json(other.citation),
            }
            for other in answer.alternatives
        ],
        "timings_ms": {
            "retrieve": round(answer.timings.retrieve, _TIMING_DIGITS),
            "read": round(answer.timings.read, _TIMING_DIGITS),
            "total": round(answer.timings.total, _TIMING_DIGITS),
        },
        **extras_to_json(answer, CONFIDENCE_DIGITS),
    }
    return row if answer.calibrated else {**row, "calibrated": False}


def answer_from_json(row: Mapping[str, Any]) -> Answer:
    """The answer of a saved row; raises MalformedAnswerError that names the first key at fault."""
    timings = _field(row, "timings_ms", dict, "")
    text = _optional(row, "answer", str, "")
    answer = Answer(
        question=_field(row, "question", str, ""),
        text=text,
        confidence=_number(row, "confidence", ""),
        citations=tuple(_citations(row)),
        alternatives=tuple(_alternatives(row)),
        reason=_optional(row, "reason", str, ""),
        timings=Timings(*(_number(timings, key, "timings_ms.") for key in ("retrieve", "read", "total"))),
        calibrated=_optional(row, "calibrated", bool, "") is not False,
    )
    if _field(row, "abstained", bool, "") != answer.abstained:
        raise MalformedAnswerError("'abstained' says the opposite of 'answer'")
    return answer


def _citations(row: Mapping[str, Any]) -> list[Citation]:
    cited = _field(row, "citations", list, "")
    return [citation_from_json(entry, f"citations[{number}]") for number, entry in enumerate(cited)]


def _alternatives(row: Mapping[str, Any]) -> list[Alternative]:
    found = []
    for number, entry in enumerate(_field(row, "alternatives", list, "")):
        where = f"alternatives[{number}]"
        if not isinstance(entry, dict):
            raise MalformedAnswerError(f"{where} is {type(entry).__name__}, expected an object")
        text, confidence = _field(entry, "answer", str, f"{where}."), _number(entry, "confidence", f"{where}.")
        found.append(Alternative(text, confidence, citation_from_json(entry.get("citation"), f"{where}.citation")))
    return found


def citation_from_json(entry: object, where: str) -> Citation:
    """A citation of a saved row; `where` names it in the MalformedAnswerError."""
    if not isinstance(entry, dict):
        raise MalformedAnswerError(f"{where} is {type(entry).__name__}, expected an object")
    where += "."
    passage = _field(entry, "passage", dict, where)
    return Citation(
        document_id=_field(entry, "document_id", str, where),
        title=_field(entry, "title", str, where),
        source=_field(entry, "source", str, where),
        published=_date(entry, where),
        document_sha256=_field(entry, "document_sha256", str, where),
        span=_span(entry, where),
        quote=_field(entry, "quote", str, where),
        passage=_span(passage, f"{where}passage."),
        passage_text=_field(passage, "text", str, f"{where}passage."),
        score=_number(entry, "score", where),
        publisher=_optional(entry, "publisher", str, where),
        url=_optional(entry, "url", str, where),
        page=_optional(entry, "page", int, where),
        also_in=tuple(_also_in(entry, where)),
    )


def _also_in(entry: Mapping[str, Any], where: str) -> Iterator[AlsoIn]:
    for number, other in enumerate(_optional(entry, "also_in", list, where) or []):
        place = f"{where}also_in[{number}]"
        if not isinstance(other, dict):
            raise MalformedAnswerError(f"{place} is {type(other).__name__}, expected an object")
        place += "."
        yield AlsoIn(
            document_id=_field(other, "document_id", str, place),
            title=_field(other, "title", str, place),
            source=_field(other, "source", str, place),
            published=_date(other, place),
            publisher=_optional(other, "publisher", str, place),
        )


def _span(entry: Mapping[str, Any], where: str) -> Span:
    start, end = _whole(entry, "start", where), _whole(entry, "end", where)
    if not 0 <= start <= end:
        raise MalformedAnswerError(f"{where}start..end is {start}..{end}, expected 0 <= start <= end")
    return Span(start, end)


def _date(entry: Mapping[str, Any], where: str) -> date | None:
    text = _optional(entry, "published", str, where)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise MalformedAnswerError(f"{where}published is {text!r}, expected YYYY-MM-DD") from error


def _field(entry: Mapping[str, Any], key: str, kind: type[_Kind], where: str) -> _Kind:
    if key not in entry:
        raise MalformedAnswerError(f"{where}{key} is missing")
    value = entry[key]
    if not isinstance(value, kind):
        raise MalformedAnswerError(f"{where}{key} is {type(value).__name__}, expected {kind.__name__}")
    return value


def _optional(entry: Mapping[str, Any], key: str, kind: type[_Kind], where: str) -> _Kind | None:
    return None if entry.get(key) is None else _field(entry, key, kind, where)


def _number(entry: Mapping[str, Any], key: str, where: str) -> float:
    value = _field(entry, key, object, where)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedAnswerError(f"{where}{key} is {type(value).__name__}, expected a number")
    return float(value)


def _whole(entry: Mapping[str, Any], key: str, where: str) -> int:
    value = _field(entry, key, int, where)
    if isinstance(value, bool):
        raise MalformedAnswerError(f"{where}{key} is a truth value, expected a whole number")
    return value
