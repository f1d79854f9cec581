"""PDF: the text layer in the order of reading, with the offsets at which the pages begin."""

from corpus.loaders.pdf.parse import parse_pdf

__all__ = ["parse_pdf"]
