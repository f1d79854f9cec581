from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from training.__main__ import main

FILES = {"model_int8.onnx": {"sha256": "ab12", "bytes": 23_001_701}}
CLOSE = {"samples": 40, "mean_distance": 0.11, "largest_distance": 1.5, "same_start": 0.975}
MANIFEST = {
    "files": FILES,
    "checkpoint": {"weights": "average", "steps": 12_000},
    "data": {"squad1_du11k": 11_000, "a_new_set": 7},
    "agreement": CLOSE,
    "agreement_fp16": CLOSE | {"same_start": 1.0},
}
ROW = {"answerable": 300, "em": 71.2, "f1": 82.34, "em_95": [66.0, 76.1], "f1_95": [78.5, 86.0]}
ROBUSTNESS = {
    "seed": 13,
    "conditions": {
        "as it is": {"questions": 300, "em": 71.2, "f1": 82.3},
        "upper case": {
            **{"questions": 299, "em": 70.0, "f1": 81.0, "em_as_it_is": 71.0, "f1_as_it_is": 82.1},
            **{"f1_change": -1.1, "f1_change_95": [-2.2, 0.1]},
        },
    },
}
NOTES = {
    "name": "citespan-reader-1",
    "about": "A span extractor.",
    "commands": ["python -m training data --qa QA", "python -m training features --phase stable"],
    "remarks": {"squad1_du11k": "never trained on its dev rows"},
    "failures": ["It is poor at lists.", "English only."],
    "energy": {"hours": 12, "watts": 30, "assumption": "a laptop processor under load."},
}


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    """The files that the steps leave, by the option that names them."""

    def saved(name: str, value: Any) -> Path:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    saved("manifest", MANIFEST)
    return {
        "--model": tmp_path,
        "--figures": saved("figures", {"sets": {"squad1_du11k": ROW | {"answerability_auroc": 0.81}}}),
        "--baseline": saved("baseline", {"sets": {"squad1_du11k": ROW | {"em": 60.1, "f1": 70.5}}}),
        "--full-precision": saved("fp32", {"sets": {"squad1_du11k": ROW | {"f1": 82.54}}}),
        "--robustness": saved("robustness", ROBUSTNESS),
        "--calibration": saved("calibration", {"report": {"all": {"AUROC": 0.842, "ECE": None}}}),
        "--notes": saved("notes", NOTES),
    }


def written(sources: dict[str, Path], out: Path) -> str:
    call = [word for option, path in sources.items() for word in (option, str(path))]
    assert main(["card", *call, "--out", str(out)]) == 0
    return out.read_text(encoding="utf-8")


def test_every_section_comes_from_its_file(sources: dict[str, Path], tmp_path: Path) -> None:
    card = written(sources, tmp_path / "card.md")
    assert [line for line in card.splitlines() if line.startswith("#")] == [
        "# citespan-reader-1",
        "## Files",
        "## Training data and licences",
        "## Recipe",
        "## Figures",
        "## What smaller weights cost",
        "## Robustness",
        "## Confidence and abstention",
        "## Known failures",
        "## Energy",
    ]
    for line in (
        "| model_int8.onnx | 23,001,701 | `ab12` |",
        "| squad1_du11k | 11,000 | CC BY-SA 4.0 |",
        "| a_new_set | 7 | not stated |",
        "python -m training data --qa QA\npython -m training features --phase stable",
        "| squad1_du11k | 300 | 71.2 (66.0-76.1) | 82.3 (78.5-86.0) | 0.81 | 60.1/70.5/– | never trained on its dev",
        "int8 against fp32 on 40 windows: same start 97.5 %, logit distance 0.11 in the mean, 1.5 at most.",
        "| squad1_du11k | 82.5 | 82.3 | -0.20 |",
        "| upper case | 299 | 70.0 | 81.0 | 71.0/82.1 | -1.1 (-2.2 to +0.1) |",
        "| AUROC | 0.842 |",
        "| ECE | – |",
        "- It is poor at lists.\n- English only.",
        "12 hours at 30 W make 0.36 kWh. The power is an assumption, not a measurement: a laptop processor under load.",
    ):
        assert line in card
    assert written(sources, tmp_path / "again.md") == card


def test_a_section_without_its_source_is_left_out(sources: dict[str, Path], tmp_path: Path) -> None:
    card = written({option: sources[option] for option in ("--model", "--figures")}, tmp_path / "card.md")
    assert "## Figures" in card
    for absent in ("Robustness", "Recipe", "Known failures", "Energy", "Confidence"):
        assert f"## {absent}" not in card
