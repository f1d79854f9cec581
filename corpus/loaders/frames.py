"""What the two processes say to one another: JSON behind its length, so that nothing read can ever be run."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from corpus.types import Details, Document, Refusal

_LENGTH = 8

Frame = dict[str, Any]


def send(stream: IO[bytes], frame: Frame) -> None:
    """Write one frame; raises OSError where the other side is gone."""
    body = json.dumps(frame).encode()
    stream.write(len(body).to_bytes(_LENGTH, "big") + body)
    stream.flush()


def receive(stream: IO[bytes]) -> Frame | None:
    """The next frame, None where the stream ends in or before it."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    if len(body) < size:
        return None
    frame: Frame = json.loads(body)
    return frame


def document_to_frame(document: Document) -> Frame:
    """All that is not made from the rest."""
    details = asdict(document.details)
    details["updated"] = _written(document.details.updated)
    return {
        "source": document.source,
        "text": document.text,
        "title": document.title,
        "published": _written(document.published),
        "publisher": document.publisher,
        "url": document.url,
        "details": details,
    }


def document_from_frame(frame: Frame) -> Document:
    """The document, its id and its hash made anew."""
    details = frame["details"]
    return Document.create(
        source=frame["source"],
        text=frame["text"],
        title=frame["title"],
        published=_read(frame["published"]),
        publisher=frame["publisher"],
        url=frame["url"],
        details=Details(details["author"], _read(details["updated"]), details["language"], tuple(details["pages"])),
    )


def refusal_from_frame(frame: Frame) -> Refusal:
    """A refusal."""
    return Refusal(frame["source"], frame["reason"])


def _written(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _read(written: str | None) -> date | None:
    return date.fromisoformat(written) if written is not None else None
