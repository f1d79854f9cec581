"""What a teacher says of the windows of a pass, in a file beside them, for a smaller reader to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """What a teacher says of every token of a window set, and of every window."""

    spans: NDArray[np.float16]
    """[tokens, 2]: log probabilities of starts and ends, in the order of the set's `ids`; 0 where no span may be."""
    relevance: NDArray[np.float16]
    """[windows]: logits."""
    windows: str
    """The digest of the window set that they are of."""
    judges: str
    """A hash of whose word it is."""

    def save(self, path: Path) -> None:
        """Write whole or not at all."""
        temporary = path.with_name(path.name + ".tmp")
        with temporary.open("wb") as out:
            np.savez(out, spans=self.spans, relevance=self.relevance, windows=self.windows, judges=self.judges)
        temporary.replace(path)


def load(path: Path) -> SoftLabels:
    """Read saved labels."""
    with np.load(path) as arrays:
        return SoftLabels(arrays["spans"], arrays["relevance"], str(arrays["windows"]), str(arrays["judges"]))


def beside(windows: Path) -> Path:
    """Where the soft labels of a pass's windows are kept."""
    return windows.with_name(windows.name.replace("pass-", "soft-"))
