"""A reader's folder: `manifest.json` names its files with their SHA-256, and how its windows are cut.

`models` maps each precision to its file, `model` is the one that is loaded unless another is asked for. A manifest
without `models` is of a reader with int8 weights alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ModelError
from qa.precision import INT8
from qa.windows import WindowSettings

BUNDLED = Path(__file__).parent / "models"
"""The reader that comes with the package."""
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A checked folder; `fingerprint` changes with the weights, the tokeniser and the windows."""

    directory: Path
    name: str
    model: Path
    tokenizer: Path
    windows: WindowSettings
    fingerprint: str

    @classmethod
    def open(cls, directory: Path = BUNDLED, precision: str | None = None) -> ModelFolder:
        """Read the manifest and check the files it names; raises ModelError for the first that does not hold.

        `precision` None takes the folder's default. Weights of another precision are not looked at: a folder may name
        some that were left out of it.
        """
        manifest = read_json_object(directory / MANIFEST)
        try:
            name, files = str(manifest["name"]), {str(key): str(value) for key, value in manifest["sha256"].items()}
            windows = WindowSettings(**manifest["windows"])
            weights = {str(key): str(value) for key, value in manifest.get("models", {INT8: manifest["model"]}).items()}
            model, tokenizer = str(manifest["model"]), str(manifest["tokenizer"])
            model = model if precision is None else _weights_of(directory, weights, precision)
            digests = (files[model], files[tokenizer])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(
                f"{directory / MANIFEST} is incomplete ({error!r}); expected name, model, tokenizer, windows and sha256"
            ) from error
        others = {*weights.values(), str(manifest["model"])} - {model}
        check_files(directory, {file: digest for file, digest in files.items() if file not in others})
        mark = hashlib.sha256(json.dumps([digests, manifest["windows"]], sort_keys=True).encode()).hexdigest()[:12]
        return cls(directory, name, directory / model, directory / tokenizer, windows, f"{name}:{mark}")


def _weights_of(directory: Path, weights: Mapping[str, str], precision: str) -> str:
    """The file of a precision; raises ModelError that names those that are there."""
    there = [name for name, file in weights.items() if (directory / file).is_file()]
    if precision not in there:
        raise ModelError(
            f"the reader in {directory} has no {precision} weights, only {', '.join(there) or 'none at all'}; choose "
            "one of these, or add others with `python -m training export` and `python -m training.bundle`"
        )
    return weights[precision]


def read_json_object(path: Path) -> dict[str, Any]:
    """The object in a JSON file of a model folder; raises ModelError where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {path} ({error}); expected a JSON object, reinstall the model") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} holds {type(value).__name__}; expected a JSON object, reinstall the model")
    return value


def check_files(directory: Path, files: Mapping[str, str]) -> None:
    """Compare each file with its hex SHA-256; raises ModelError for one that is missing or differs."""
    for name, expected in files.items():
        path = directory / name
        try:
            with path.open("rb") as handle:
                found = hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"cannot read the model file {path} ({error.strerror}); reinstall the model") from error
        if found != expected:
            raise ModelError(
                f"{path} has SHA-256 {found[:12]}…, the manifest says {expected[:12]}…; reinstall the model or, "
                "if you changed it on purpose, write its hash into manifest.json"
            )
