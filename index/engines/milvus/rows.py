"""Documents and passages as rows of Milvus, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from corpus.errors import UsageError
from corpus.types import Document, Passage, Span
from index.details import details_from_json, details_to_json
from index.encoder import encoder_input
from index.engines.milvus.door import Row
from index.engines.milvus.filters import day_number, day_of
from index.engines.milvus.schema import LONGEST, NOWHERE
from index.engines.milvus.versions import version_of
from index.lexical import stems
from index.listing import ListedDocument
from index.seals import document_seal, passage_seal
from index.types import EncodedDocument

LISTED = ("id", "source", "published", "sha256", "listed", "passages")
PIECE = 16_000
"""Characters of a text in one row: four bytes each at most, so it always fits."""


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """All that Milvus holds of one document."""

    document: Row
    texts: tuple[Row, ...]
    passages: tuple[Row, ...]


def rows_of(item: EncodedDocument, copies: Sequence[str] = ()) -> DocumentRows:
    """The rows of a document; raises ValueError where vectors do not match, UsageError for what is too long."""
    document = item.document
    version = version_of(
        document_seal(document, len(item.passages)), [passage_seal(passage) for passage in item.passages], copies
    )
    passages = tuple(
        _passage_row(document, passage, vector, version)
        for passage, vector in zip(item.passages, _as_stored(item.vectors), strict=True)
    )
    content = _header(document) + document.text
    texts = tuple(
        {
            "id": piece_key(document.id, version, number),
            "document": document.id,
            "version": version,
            "piece": content[start : start + PIECE],
            "nowhere": NOWHERE,
        }
        for number, start in enumerate(range(0, len(content), PIECE))
    )
    row = {
        "id": document.id,
        "version": version,
        "source": _fitting(document.source, "the path", document.source),
        "published": day_number(document.published),
        "sha256": document.sha256,
        "listed": _listed(document),
        "copies": _fitting(json.dumps(list(copies)), "the list of copies", document.source),
        "passages": len(passages),
        "pieces": len(texts),
        "nowhere": NOWHERE,
    }
    return DocumentRows(row, texts, passages)


def passage_key(passage_id: str, version: str) -> str:
    """The key of a passage's row: two versions of one document never share a row."""
    return f"{passage_id}@{version}"


def piece_key(document_id: str, version: str, number: int) -> str:
    """The key of one piece of a document's text."""
    return f"{document_id}@{version}#{number}"


def document_from(pieces: Sequence[str]) -> Document:
    """The document whose text and facts stand in these pieces; raises ValueError where they are not what was stored."""
    header, _, text = "".join(pieces).partition("\n")
    facts = json.loads(header)
    published = facts["published"]
    return Document(
        id=facts["id"],
        title=facts["title"],
        text=text,
        source=facts["source"],
        published=date.fromisoformat(published) if published else None,
        sha256=facts["sha256"],
        publisher=facts["publisher"],
        url=facts["url"],
        details=details_from_json(facts["details"]),
    )


def listed_from(row: Row) -> ListedDocument:
    """What a list shows of a document, from the fields `LISTED` of its row."""
    title, publisher, url = json.loads(row["listed"])
    return ListedDocument(
        row["id"], title, row["source"], day_of(row["published"]), row["sha256"], publisher, url, row["passages"]
    )


def passage_from(row: Row, document: Document) -> Passage:
    """The passage of a row, its words cut from its document."""
    span = Span(row["start"], row["end"])
    return Passage(row["passage"], document.id, span, span.of(document.text), row["context"])


def words_of(text: str) -> str:
    """The words that `text` is stored and searched by, as far as a string of Milvus takes them."""
    return cut(" ".join(stems(text)), LONGEST)


def cut(text: str, longest: int) -> str:
    """The beginning of `text` that takes at most `longest` bytes."""
    encoded = text.encode("utf-8")
    return text if len(encoded) <= longest else encoded[:longest].decode("utf-8", "ignore")


def _passage_row(document: Document, passage: Passage, vector: list[float], version: str) -> Row:
    return {
        "id": passage_key(passage.id, version),
        "passage": passage.id,
        "document": document.id,
        "version": version,
        "start": passage.span.start,
        "end": passage.span.end,
        "context": _fitting(passage.context, "the heading of a passage", document.source),
        "words": words_of(encoder_input(passage)),
        "context_words": words_of(passage.context),
        "vector": vector,
        "published": day_number(document.published),
        "source": document.source,
    }


def _as_stored(vectors: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Iterator[list[float]]:
    """Rounded to half precision, as the truth stores them: both engines then find the same passages alike."""
    for row in np.asarray(vectors, dtype=np.float16).astype(np.float32):
        yield row.tolist()


def _header(document: Document) -> str:
    facts = {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "published": document.published.isoformat() if document.published else None,
        "sha256": document.sha256,
        "publisher": document.publisher,
        "url": document.url,
        "details": details_to_json(document.details),
    }
    return json.dumps(facts) + "\n"


def _listed(document: Document) -> str:
    """What a list of articles shows besides, as JSON; a title that is longer than any list shows is cut."""
    title = cut(document.title, 4_000)
    whole = json.dumps([title, document.publisher, document.url])
    return whole if len(whole) <= LONGEST else json.dumps([title, None, None])


def _fitting(text: str, what: str, source: str) -> str:
    if len(text.encode("utf-8")) > LONGEST:
        raise UsageError(f"{what} of {source} is longer than the {LONGEST:,} bytes that Milvus takes; shorten it")
    return text
