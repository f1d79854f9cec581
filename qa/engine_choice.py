"""Which engine a call of the command line asks for: an index in a folder, or one in Milvus."""

from __future__ import annotations

import argparse
from importlib import import_module

from corpus.errors import UsageError
from index.engines.milvus.place import DEFAULT_NAME, MilvusPlace


def milvus_place(call: argparse.Namespace) -> MilvusPlace | None:
    """Where in Milvus the call's index is, None for the embedded engine.

    Raises UsageError for half of either, and where what Milvus needs is not installed.
    """
    if call.engine != "milvus":
        beside = {"--uri": call.uri, "--token-file": call.token_file, "--collection": call.collection}
        given = [name for name, value in beside.items() if value is not None]
        if given:
            raise UsageError(f"{given[0]} goes with --engine milvus")
        return None
    if call.uri is None:
        raise UsageError("--engine milvus needs --uri, as http://HOST:19530, or a path ending in .db for Milvus Lite")
    place = MilvusPlace(call.uri, call.collection or DEFAULT_NAME, call.token_file)
    import_module("index.engines.milvus.door")  # raises now, not after a build has embedded for an hour
    return place


def asked_place(call: argparse.Namespace) -> MilvusPlace | None:
    """The place in Milvus that a call asks, None where it asks `call.index`.

    Raises UsageError where neither is named, or both: what is in Milvus is asked without any folder.
    """
    place = milvus_place(call)
    if place is None and not call.index:
        raise UsageError("no index was named; give its folder with --index DIR, or --engine milvus --uri ADDRESS")
    if place is not None and call.index:
        raise UsageError("--index names an index of the embedded engine; with --engine milvus leave it out")
    return place


def loaded_place(call: argparse.Namespace) -> MilvusPlace | None:
    """The place in Milvus that a call loads into, None where it loads into `call.index`.

    A call that names no engine means Milvus, unless it names a folder. Raises UsageError as `asked_place` does.
    """
    engine = call.engine or ("embedded" if call.index else "milvus")
    return asked_place(argparse.Namespace(**{**vars(call), "engine": engine}))
