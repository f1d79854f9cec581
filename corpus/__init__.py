"""What was written: documents and their passages. Imported on first use: a help page compiles no cleaning pattern."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.chunking import chunk as chunk
    from corpus.discovery import discover as discover
    from corpus.loaders import load as load


def __getattr__(name: str) -> object:
    homes = {"chunk": "chunking", "discover": "discovery", "load": "loaders"}
    if name in homes:
        return getattr(import_module(f"{__name__}.{homes[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
