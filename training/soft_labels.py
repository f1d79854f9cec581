"""What a teacher says of the windows of a pass, in a file beside them, for a smaller reader to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """A teacher's logits for every token of a window set, and for every window."""

    spans: NDArray[np.float16]
    """[tokens, 2]: start and end logits, in the order of the set's `ids`."""
    relevance: NDArray[np.float16]
    """[windows]"""
    windows: str
    """The digest of the window set that they are of."""

    def save(self, path: Path) -> None:
        """Write whole or not at all."""
        temporary = path.with_name(path.name + ".tmp")
        with temporary.open("wb") as out:
            np.savez(out, spans=self.spans, relevance=self.relevance, windows=np.array(self.windows))
        temporary.replace(path)


def load(path: Path) -> SoftLabels:
    """Read saved labels."""
    with np.load(path) as arrays:
        return SoftLabels(arrays["spans"], arrays["relevance"], str(arrays["windows"]))


def beside(windows: Path) -> Path:
    """Where the soft labels of a pass's windows are kept."""
    return windows.with_name(windows.name.replace("pass-", "soft-"))
