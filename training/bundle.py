"""`python -m training.bundle --export DIR --name NAME`: puts an exported reader where the product loads it from.

Afterwards run `python -m training.calibrate`: a calibration belongs to one reader, in one precision.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from qa.model_folder import BUNDLED, MANIFEST, ModelFolder, check_files
from qa.precision import INT8, PRECISIONS

BESIDE = ("tokenizer.json", "config.json")


def bundle(export: Path, name: str, target: Path, precisions: Sequence[str] = (INT8,)) -> ModelFolder:
    """Check the export against its manifest, copy it and write the product's; the first precision is the default.

    Raises ModelError for a damaged export and ValueError for a precision that it lacks.
    """
    made = json.loads((export / MANIFEST).read_text(encoding="utf-8"))
    # Before there were several, an export held int8 weights for the product.
    written = made.get("precisions", {INT8: f"model_{INT8}.onnx"})
    if lacking := [precision for precision in precisions if precision not in written]:
        raise ValueError(f"{export} has no {', '.join(lacking)} weights, only {', '.join(written)}; export again")
    called = {written[precision]: f"reader_{precision}.onnx" for precision in precisions}
    called |= {file: file for file in BESIDE}
    digests = {source: made["files"][source]["sha256"] for source in called}
    check_files(export, digests)
    target.mkdir(parents=True, exist_ok=True)
    for source, file in called.items():
        shutil.copyfile(export / source, target / file)
    manifest = {
        "name": name,
        "model": f"reader_{precisions[0]}.onnx",
        "models": {precision: f"reader_{precision}.onnx" for precision in precisions},
        "tokenizer": "tokenizer.json",
        "windows": {
            "length": made["max_length"],
            "overlap": made["overlap"],
            "question": made["max_question"],
            "context": made.get("max_context", 0),
        },
        "sha256": {called[source]: digest for source, digest in digests.items()},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return ModelFolder.open(target)


def main() -> None:
    """Copy, check, print the fingerprint."""
    parser = argparse.ArgumentParser(prog="python -m training.bundle", description=__doc__)
    parser.add_argument("--export", type=Path, required=True, help="folder that `python -m training export` wrote")
    parser.add_argument("--name", required=True, help="the reader's name, for example citespan-reader-1")
    parser.add_argument("--target", type=Path, default=BUNDLED, help="folder to put it in")
    parser.add_argument(
        "--precisions", nargs="+", choices=PRECISIONS, default=[INT8], help="weights to take, the default one first"
    )
    call = parser.parse_args()
    print(bundle(call.export, call.name, call.target, call.precisions).fingerprint)


if __name__ == "__main__":
    main()
