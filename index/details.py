"""What some files tell of an article besides (author, last change, language, pages) as one JSON column of the truth."""

from __future__ import annotations

import json
from datetime import date

from corpus.types import NO_DETAILS, Details


def details_to_json(details: Details) -> str | None:
    """One JSON object that holds only what is known, None where nothing is; the same details, the same letters."""
    known = {
        "author": details.author,
        "updated": details.updated.isoformat() if details.updated else None,
        "language": details.language,
        "pages": list(details.pages) or None,
    }
    row = {name: value for name, value in known.items() if value is not None}
    return json.dumps(row, separators=(",", ":")) if row else None


def details_from_json(column: str | None) -> Details:
    """The details in a column whose row has passed its seal."""
    if column is None:
        return NO_DETAILS
    row = json.loads(column)
    updated = row.get("updated")
    return Details(
        author=row.get("author"),
        updated=date.fromisoformat(updated) if updated else None,
        language=row.get("language"),
        pages=tuple(row.get("pages", ())),
    )
