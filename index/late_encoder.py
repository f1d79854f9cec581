"""An encoder that is known by its fingerprint and opened only when it is asked for something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from corpus.errors import EncoderMismatchError
from index.encoder import encoder_name
from index.types import Encoder, Vectors

Opener = Callable[[str], Encoder]
"""Opens an encoder by name, as `index.encoder.open_encoder` does."""


class LateEncoder:
    """Implements `index.types.Encoder`: bringing vectors from one index into another seldom needs a model."""

    def __init__(self, fingerprint: str, dimension: int, opener: Opener) -> None:
        self._fingerprint = fingerprint
        self._dimension = dimension
        self._opener = opener
        self._opened: Encoder | None = None
        self._guard = Lock()

    @property
    def fingerprint(self) -> str:
        """The fingerprint that it was named by."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def count_tokens(self, text: str) -> int:
        """Word-pieces of `text`; raises as opening does."""
        return self._open().count_tokens(text)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape [len(texts), dimension], rows of unit length; raises as opening does."""
        return self._open().encode(texts)

    def _open(self) -> Encoder:
        """The encoder itself; raises ModelError, or EncoderMismatchError where the name stands for another one now."""
        with self._guard:
            if self._opened is None:
                name = encoder_name(self._fingerprint)
                found = self._opener(name)
                if found.fingerprint != self._fingerprint:
                    raise EncoderMismatchError(
                        f"{name!r} is encoder {found.fingerprint} on this machine, not {self._fingerprint}: "
                        "build the index anew, into another directory, or bring in the encoder that it was made by"
                    )
                self._opened = found
            return self._opened
