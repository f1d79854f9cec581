"""The general door: any sentence-transformers model by name or path. The only importer of sentence_transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from index.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class GeneralEncoder:
    """Implements `index.types.Encoder` with `SentenceTransformer`; use `GeneralEncoder.load`."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        self._dimension = int(model.get_embedding_dimension())
        self._guard = Lock()
        """Its tokeniser is set anew for each encoding, and must not be counting with meanwhile."""
        self._fingerprint = f"{name}@{_weights_digest(model)}"

    @classmethod
    def load(cls, name: str) -> GeneralEncoder:
        """Load the model `name`, from disk or, unless HF_HUB_OFFLINE is set, from the hub; raises ModelError."""
        if name.startswith(("/", "./", "../", "~")) and not Path(name).exists():
            raise ModelError(f"there is no encoder at {name}; give a model folder or a downloaded model's name")
        from sentence_transformers import SentenceTransformer  # imports torch, which takes seconds

        try:
            return cls(SentenceTransformer(name, device="cpu"), name)
        except (OSError, ValueError) as error:
            first_line = next(iter(str(error).splitlines()), type(error).__name__)
            raise ModelError(
                f"cannot load the encoder {name!r} ({first_line}): give a model folder or a downloaded model's name"
            ) from error

    @property
    def fingerprint(self) -> str:
        """The name it was asked for by, and a hash of its weights and maximal length."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def count_tokens(self, text: str) -> int:
        """Word-pieces of `text`, special tokens not counted."""
        with self._guard:
            return len(self._model.tokenizer.encode(text, add_special_tokens=False, verbose=False))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape [len(texts), dimension], rows of unit length."""
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        # One text a call: padding to the longest neighbour moves the last bits of a vector.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        rows = np.empty((len(clean), self._dimension), dtype=np.float32)
        for row, one in enumerate(clean):
            with self._guard:
                rows[row] = self._model.encode(one, normalize_embeddings=True, show_progress_bar=False)
        return rows


def _weights_digest(model: SentenceTransformer) -> str:
    digest = hashlib.sha256(str(model.max_seq_length).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()[:16]
