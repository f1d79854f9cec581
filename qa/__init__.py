"""How questions are answered: retrieval, reading, decoding, calibrated abstention, citations."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.pipeline import Pipeline, PipelineSettings

__all__ = ["Pipeline", "PipelineSettings"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module("qa.pipeline"), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
