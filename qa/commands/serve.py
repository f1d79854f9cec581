"""`citespan serve`: the chat page over an index."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from corpus.errors import UsageError
from index import open_index, status
from qa.collection import IndexCollection
from qa.opening import open_pipeline
from qa.page.credentials import Credentials, is_loopback, read_credentials
from qa.page.examples import answered_examples
from qa.page.server import application, listen, serve_until_interrupted
from qa.page.words import PageWords
from qa.pipeline import Pipeline


def run(call: argparse.Namespace) -> int:
    """Serve until interrupted, which is how serving ends well."""
    credentials = _door(call)
    with listen(call.host, call.port) as bound, open_pipeline(call) as pipeline:
        collections = [IndexCollection(call.index.name or "articles", call.index, pipeline)]
        app = application(collections, _words(call.index, pipeline), host=call.host, credentials=credentials)
        shown = f"[{call.host}]" if ":" in call.host else call.host
        print(f"Citespan is at http://{shown}:{bound.getsockname()[1]} (Ctrl-C stops it)", flush=True)
        serve_until_interrupted(app, bound)
    return 0


def _words(directory: Path, pipeline: Pipeline) -> PageWords:
    """Gather what the page says of the collection."""
    found = status(directory)
    with closing(open_index(directory)) as engine:
        examples = answered_examples(engine.documents(), pipeline)
    return PageWords(found.documents, found.passages, examples)


def _door(call: argparse.Namespace) -> Credentials | None:
    """Decide who may enter; a page that other machines can reach must ask for a password."""
    if call.auth_file is not None:
        return read_credentials(call.auth_file)
    if not is_loopback(call.host):
        raise UsageError(
            f"--host {call.host} lets other machines in; give --auth-file FILE with user:password lines, "
            "or keep to 127.0.0.1"
        )
    return None
