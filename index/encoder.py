"""Opening an encoder by name, and the text of a passage that it sees."""

from __future__ import annotations

from pathlib import Path

from corpus.types import Passage
from index.types import Encoder

DEFAULT_ENCODER = "all-MiniLM-L6-v2"


def open_encoder(name_or_path: str | None = None, *, threads: int | None = None) -> Encoder:
    """Open the default encoder (None, or its name), or any sentence-transformers model; raises ModelError."""
    if name_or_path is None or (name_or_path == DEFAULT_ENCODER and not Path(name_or_path).exists()):
        from index.onnx_encoder import OnnxEncoder  # each door loads its own runtime

        return OnnxEncoder.load(threads=threads)
    from index.general_encoder import GeneralEncoder

    return GeneralEncoder.load(name_or_path)


def encoder_name(fingerprint: str) -> str:
    """What to pass to `open_encoder` to get the encoder of `fingerprint` again."""
    return fingerprint.rpartition("@")[0] or fingerprint


def encoder_input(passage: Passage) -> str:
    """The text that stands for `passage` in the vector space: title and heading, newline, its words."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text
