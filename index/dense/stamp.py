"""What `dense.json` says of the dense view, and the plain values that it is made of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from index.layout import DENSE_STAMP, write_durably

Kind = Literal["exact", "graph"]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the view: the passages whose keys lie from `first` to `last`, as they were when it was written."""

    file: str
    kind: Kind
    first: int
    last: int
    rows: int
    dead: int
    """Rows whose passages the truth has removed since."""
    sha256: str
    depth: int = 0
    """How many candidates a search of a graph keeps while it walks."""
    recall: float = 1.0
    """Share of the ten best that a search of such depth found, as measured when it was written."""

    @property
    def live(self) -> int:
        """Rows whose passages are still there."""
        return self.rows - self.dead


@dataclass(frozen=True, slots=True)
class DenseStamp:
    """The state of the whole view: its parts, and that the passages above `until` are to be read from the truth."""

    index_id: str
    generation: int
    count: int
    """Passages in the truth at that generation."""
    until: int
    parts: tuple[Part, ...]


def read_dense_stamp(directory: Path) -> DenseStamp | None:
    """The stamp of the dense view, None when it is missing, unreadable or of another version."""
    try:
        found = json.loads((directory / DENSE_STAMP).read_text(encoding="utf-8"))
        return DenseStamp(**{**found, "parts": tuple(Part(**part) for part in found["parts"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_dense_stamp(directory: Path, stamp: DenseStamp) -> None:
    """Replace the stamp, and remove the files that it no longer names; raises OSError."""
    write_durably(directory / DENSE_STAMP, json.dumps(asdict(stamp)).encode())
    named = {part.file for part in stamp.parts}
    for old in directory.glob("dense-*.faiss"):
        if old.name not in named:
            old.unlink(missing_ok=True)
