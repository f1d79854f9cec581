"""How passages are found. Homes are imported on first use: a help page needs neither faiss nor ONNX Runtime."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.builder import build as build
    from index.checking import check as check
    from index.checking import repair as repair
    from index.encoder import open_encoder as open_encoder
    from index.opening import open_index as open_index
    from index.opening import status as status
    from index.search import hybrid_search as hybrid_search


def __getattr__(name: str) -> object:
    homes = {"build": "builder", "hybrid_search": "search", "open_encoder": "encoder"}
    homes |= {"check": "checking", "repair": "checking", "open_index": "opening", "status": "opening"}
    if name in homes:
        return getattr(import_module(f"{__name__}.{homes[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
