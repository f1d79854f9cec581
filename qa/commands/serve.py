"""`citespan serve`: the chat page and the programs' interface over one index or several."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import UsageError
from index import open_encoder, open_index, status
from index.encoder import encoder_name
from index.engines.milvus.place import MilvusPlace
from index.tensor_memory import TENSORS
from qa.collection import IndexCollection, MilvusCollection
from qa.engine_choice import asked_place
from qa.feedback.store import FeedbackStore
from qa.opening import open_pipeline, say_note
from qa.page.credentials import Credentials, is_loopback, open_to_others, read_credentials
from qa.page.examples import answered_examples
from qa.page.server import application, listen, serve_until_interrupted
from qa.page.shelf import Shelf
from qa.uploading import Uploads

MOST_EXAMPLES = 50
"""Articles that example questions are made from, where reading all of them would be a long way."""


def run(call: argparse.Namespace) -> int:
    """Serve until interrupted, which is how serving ends well."""
    credentials = _door(call)
    place = asked_place(call)
    if place is not None and call.uploads is not None:
        raise UsageError("--uploads adds to an index in a folder; Milvus is filled by `citespan build` and `load`")
    names = collection_names(call.index or [])
    TENSORS.give_back()
    with ExitStack() as open_ones, listen(call.host, call.port) as bound:
        # For this process only: Gradio's own place is the same for all users of a machine, and stays.
        os.environ["GRADIO_TEMP_DIR"] = open_ones.enter_context(TemporaryDirectory(prefix="citespan-"))
        if place is not None:
            shelves = [_milvus_shelf(place, call, open_ones)]
        else:
            shelves = [_shelf(name, path, call, open_ones) for name, path in zip(names, call.index, strict=True)]
        app = application(shelves, host=call.host, credentials=credentials)
        shown = f"[{call.host}]" if ":" in call.host else call.host
        print(f"Citespan is at http://{shown}:{bound.getsockname()[1]} (Ctrl-C stops it)", flush=True)
        serve_until_interrupted(app, bound)
    return 0


def collection_names(indexes: Sequence[Path]) -> list[str]:
    """What each is called: the name of its folder without ".index"; raises UsageError for one name twice."""
    names = [path.absolute().name.removesuffix(".index") or "articles" for path in indexes]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"two indexes are called {twice[0]!r}; give folders of different names")
    return names


def _shelf(name: str, directory: Path, call: argparse.Namespace, open_ones: ExitStack) -> Shelf:
    """Open one index, to be closed with the others."""
    pipeline = open_ones.enter_context(open_pipeline(call, directory))
    with closing(open_index(directory)) as engine:
        examples = answered_examples(engine.documents(), pipeline)
    uploads = None
    if call.uploads is not None:
        encoder = open_encoder(encoder_name(status(directory).encoder))
        uploads = Uploads(call.uploads / name, directory, encoder)
    return Shelf(IndexCollection(name, directory, pipeline), examples, FeedbackStore.beside(directory), uploads)


def _milvus_shelf(place: MilvusPlace, call: argparse.Namespace, open_ones: ExitStack) -> Shelf:
    """Open the index in Milvus. This process keeps nothing of it, and no verdicts: others ask it as well."""
    from index.engines.milvus.opening import open_milvus

    pipeline = open_ones.enter_context(open_pipeline(call, place))
    engine = open_ones.enter_context(open_milvus(place))
    examples = answered_examples(engine.some_documents(MOST_EXAMPLES), pipeline)
    return Shelf(MilvusCollection(place.name, engine, pipeline), examples)


def _door(call: argparse.Namespace) -> Credentials | None:
    """Decide who may enter; a page that other machines can reach must ask for a password."""
    if call.auth_file is not None:
        credentials = read_credentials(call.auth_file)
        if open_to_others(call.auth_file):
            say_note(f"other users of this machine may read {call.auth_file}; chmod 600 keeps the hashes from them")
        return credentials
    if not is_loopback(call.host):
        raise UsageError(
            f"--host {call.host} lets other machines in; give --auth-file FILE with lines of `citespan password NAME`, "
            "or keep to 127.0.0.1"
        )
    return None
