from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from training import checkpoint
from training.__main__ import main
from training.blend import blend


def saved(path: Path, weight: float, average: float | None = None, name: str = "w") -> Path:
    state: dict[str, Any] = {"identity": f"run {weight:g}", "config": {}, "base_step": 2, "step": 3}
    state |= {"model": {name: torch.tensor([weight, 1.0]), "still": torch.tensor([7.0])}, "optimiser": {}, "random": {}}
    state["average"] = None if average is None else {name: torch.tensor([average, 1.0])}
    checkpoint.save(path, state)
    return path


def test_a_blend_is_the_mean_of_the_averaged_weights(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "a", 4.0), saved(tmp_path / "b", 100.0, average=8.0)
    call = ["blend", "--checkpoint", str(first), "--share", "0.25", "--checkpoint", str(second), "--share", "0.75"]
    assert main([*call, "--out", str(tmp_path / "out" / "c")]) == 0
    found = checkpoint.load(tmp_path / "out" / "c")
    assert found["model"]["w"].tolist() == [7.0, 1.0]
    assert found["model"]["still"].tolist() == [7.0]
    assert found["average"] is None
    assert (found["base_step"], found["step"]) == (5, 0)
    assert found["identity"] == "0.25*run 4+0.75*run 100"


def test_what_does_not_fit_together_is_not_blended(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "a", 4.0), saved(tmp_path / "b", 4.0, name="other")
    with pytest.raises(ValueError, match="sum to 1"):
        blend([first, first], [0.5, 0.6])
    with pytest.raises(ValueError, match="as many shares"):
        blend([first], [0.5, 0.5])
    with pytest.raises(ValueError, match="one architecture"):
        blend([first, second], [0.5, 0.5])
