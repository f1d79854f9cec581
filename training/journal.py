"""The run's log: one JSON object a line, flushed at once."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch


class Meter:
    """Mean loss and speed since the last flush."""

    def __init__(self) -> None:
        self._losses: list[torch.Tensor] = []
        self._windows = 0
        self.restart()

    def restart(self) -> None:
        """Forget the clock, so that an evaluation does not count as slow training."""
        self._began, self._timed = time.monotonic(), 0

    def add(self, loss: torch.Tensor, windows: int) -> None:
        """Count one step."""
        self._losses.append(loss)
        self._windows += windows
        self._timed += windows

    def flush(self) -> dict[str, float]:
        """The figures, and start again."""
        elapsed = max(time.monotonic() - self._began, 1e-9)
        figures = {
            "loss": round(float(torch.stack(self._losses).mean()), 4),
            "windows": self._windows,
            "windows_per_second": round(self._timed / elapsed, 1),
        }
        self._losses, self._windows = [], 0
        self.restart()
        return figures


class Journal:
    """Appends to one file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def write(self, line: dict[str, Any]) -> None:
        """One line with the time."""
        stamp = datetime.now(UTC).isoformat(timespec="seconds")
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"time": stamp, **line}) + "\n")
