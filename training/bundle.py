"""`python -m training.bundle --export DIR --name NAME`: puts an exported reader where the product loads it from.

Afterwards run `python -m training.calibrate`: a calibration belongs to one reader and is refused with another.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from qa.model_folder import BUNDLED, MANIFEST, ModelFolder, check_files

MODEL = "reader_int8.onnx"
EXPORTED = {"model_int8.onnx": MODEL, "tokenizer.json": "tokenizer.json", "config.json": "config.json"}
"""File names of an export and what they are called in the product."""


def bundle(export: Path, name: str, target: Path) -> ModelFolder:
    """Check the export against its manifest, copy it and write the product's manifest."""
    made = json.loads((export / MANIFEST).read_text(encoding="utf-8"))
    digests = {source: made["files"][source]["sha256"] for source in EXPORTED}
    check_files(export, digests)
    target.mkdir(parents=True, exist_ok=True)
    for source, called in EXPORTED.items():
        shutil.copyfile(export / source, target / called)
    manifest = {
        "name": name,
        "model": MODEL,
        "tokenizer": "tokenizer.json",
        "windows": {
            "length": made["max_length"],
            "overlap": made["overlap"],
            "question": made["max_question"],
            "context": made.get("max_context", 0),
        },
        "sha256": {EXPORTED[source]: digest for source, digest in digests.items()},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return ModelFolder.open(target)


def main() -> None:
    """Copy, check, print the fingerprint."""
    parser = argparse.ArgumentParser(prog="python -m training.bundle", description=__doc__)
    parser.add_argument("--export", type=Path, required=True, help="folder that `python -m training export` wrote")
    parser.add_argument("--name", required=True, help="the reader's name, for example citespan-reader-1")
    parser.add_argument("--target", type=Path, default=BUNDLED, help="folder to put it in")
    call = parser.parse_args()
    print(bundle(call.export, call.name, call.target).fingerprint)


if __name__ == "__main__":
    main()
