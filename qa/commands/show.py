"""`citespan show`: one article as it is cited, so that any program can check a quote against it."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import Any

from corpus.errors import UsageError
from corpus.types import Details, Document
from index import open_index
from qa.highlight import segments, to_terminal
from qa.phrasing import long_date
from qa.screen import Terminal, plain


def run(call: argparse.Namespace) -> int:
    """Print the article."""
    with closing(open_index(call.index)) as engine:
        try:
            document = engine.document(call.document)
        except KeyError:
            raise UsageError(
                f"no document {call.document!r} in {call.index}; give a document_id as `citespan ask --json` prints it"
            ) from None
    if call.json:
        print(json.dumps(document_to_json(document), ensure_ascii=False))
    else:
        print(draw_document(document, Terminal.here(colour=sys.stdout.isatty())))
    return 0


def document_to_json(document: Document) -> dict[str, Any]:
    """Give the article as a JSON object; `sha256` is that of `text` in UTF-8."""
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "published": document.published.isoformat() if document.published else None,
        "sha256": document.sha256,
        "text": document.text,
        "publisher": document.publisher,
        "url": document.url,
        **_details_to_json(document.details),
    }


def _details_to_json(details: Details) -> dict[str, Any]:
    """Give what is known besides; `pages` are the offsets at which the pages begin."""
    known = {
        "author": details.author,
        "updated": details.updated.isoformat() if details.updated else None,
        "language": details.language,
        "pages": list(details.pages) or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def draw_document(document: Document, terminal: Terminal) -> str:
    """Draw the article for a person."""
    facts = [document.publisher, long_date(document.published), document.url, document.source]
    known = " · ".join(plain(fact) for fact in facts if fact)
    text = to_terminal(segments(document.text, spans=()), colour=False)
    return "\n".join([terminal.bold(document.title), terminal.dim(known), "", text])
