"""The lowest room: what was written, as documents, and the passages that can be found and cited."""

from corpus.chunking import chunk
from corpus.discovery import discover
from corpus.loaders import load
from corpus.settings import ChunkSettings
from corpus.types import Document, Passage, Span

__all__ = ["ChunkSettings", "Document", "Passage", "Span", "chunk", "discover", "load"]
