"""Checkpoints: whole or absent, and enough to continue bit for bit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

LATEST = "latest.pt"
FINAL = "final.pt"
State = dict[str, Any]


def save(path: Path, state: State) -> None:
    """Write beside, flush to disk, then rename: a kill at any instant leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("wb") as out:
        torch.save(state, out)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)


def load(path: Path) -> State:
    """Read a checkpoint onto the CPU; tensors and plain values only, never code."""
    state: State = torch.load(path, map_location="cpu", weights_only=True)
    return state


def milestone(folder: Path, step: int) -> Path:
    """The lasting checkpoint of a step: a place that the decay phase can start from."""
    return folder / f"step-{step:06d}.pt"
