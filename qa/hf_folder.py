"""Where a Hugging Face model lies on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import ModelError

_ONLINE = {"0", "false", "no", "off"}
_NEEDED = ["*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model*.bin"]
_CONFIG = "config.json"
_HOW = "give the folder of an extractive QA model, or the name of a downloaded one"


def looks_like_path(name: str) -> bool:
    """Whether `name` can only mean a folder, or does name something on the disk."""
    return name.startswith(("/", ".", "~", "\\")) or name.endswith("/") or Path(name).expanduser().exists()


def find_folder(name: str) -> Path:
    """The folder of the model `name`: that folder, or the one that the hub's cache keeps it in; raises ModelError.

    Nothing is fetched unless HF_HUB_OFFLINE is set to 0.
    """
    if looks_like_path(name):
        folder = Path(name).expanduser()
        if not (folder / _CONFIG).is_file():
            raise ModelError(f"there is no reader at {name} (no {_CONFIG} in it); {_HOW}")
        return folder
    return _cached(name)


def _cached(name: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise ModelError(
            f"the reader {name!r} needs Hugging Face's libraries ({error}); install citespan[hf]"
        ) from error
    local = os.environ.get("HF_HUB_OFFLINE", "1").lower() not in _ONLINE
    try:
        folder = Path(snapshot_download(name, local_files_only=local, allow_patterns=_NEEDED))
    except (OSError, ValueError) as error:
        reason = "it was never downloaded, and nothing is fetched" if local else one_line(error)
        raise ModelError(
            f"there is no reader {name!r} on this machine ({reason}); {_HOW}, or set HF_HUB_OFFLINE=0 to fetch it once"
        ) from error
    if not (folder / _CONFIG).is_file():
        raise ModelError(f"the downloaded {name!r} has no {_CONFIG}; {_HOW}")
    return folder


def one_line(error: BaseException) -> str:
    """The first line that an error of these libraries says."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
