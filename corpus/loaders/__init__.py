"""Files to documents, one module a format; nothing heavy is imported before a file needs it."""

from corpus.loaders.load import load

__all__ = ["load"]
