"""The dense view: inner product over the vectors of the truth. The only importer of faiss is in here."""

from index.dense.exact import DenseIndex

__all__ = ["DenseIndex"]
