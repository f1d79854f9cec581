"""The optional keys of the JSON answer: what other articles and years say, items, sentences, further places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qa.citation_json import citation_to_json
from qa.types import Answer, ListItem, Support, TimePoint, ValueGroup, Wording


def extras_to_json(answer: Answer, digits: int) -> dict[str, Any]:
    """The keys that there is something for; confidences have `digits` digits."""
    keys: dict[str, Any] = {
        "resolved_question": answer.resolved,
        "narrowed_to": answer.narrowed,
        "agreement": [_group(group, digits) for group in answer.agreement],
        "timeline": [_point(point) for point in answer.timeline],
        "items": [_item(item) for item in answer.items],
        "in_full": citation_to_json(answer.in_full) if answer.in_full else None,
        "support": [_support(support) for support in answer.support],
    }
    return {key: value for key, value in keys.items() if value}


def _group(group: ValueGroup, digits: int) -> dict[str, Any]:
    return {
        "value": group.value,
        "kind": group.kind,
        "confidence": round(group.confidence, digits),
        "articles": group.articles,
        "years": list(group.years),
        "wordings": [_wording(wording) for wording in group.wordings],
    }


def _wording(wording: Wording) -> dict[str, Any]:
    return {"text": wording.text, "period": wording.period, "citation": citation_to_json(wording.citation)}


def _point(point: TimePoint) -> dict[str, Any]:
    return {"year": point.year, "amount": point.amount, **_wording(point.wording)}


def _item(item: ListItem) -> dict[str, Any]:
    return {"text": item.text, "citation": citation_to_json(item.citation)}


def _support(support: Support) -> dict[str, Any]:
    return {"name": support.name, "citation": citation_to_json(support.citation)}


def extra_citations(row: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Every citation under the optional keys of a saved row, with its place in it; what has no such shape is left."""
    if row.get("in_full") is not None:
        yield "in_full", row["in_full"]
    for key in ("timeline", "items", "support"):
        for number, entry in enumerate(_objects(row.get(key))):
            yield f"{key}[{number}].citation", entry.get("citation")
    for number, group in enumerate(_objects(row.get("agreement"))):
        for place, entry in enumerate(_objects(group.get("wordings"))):
            yield f"agreement[{number}].wordings[{place}].citation", entry.get("citation")


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
