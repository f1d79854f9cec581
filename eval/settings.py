"""How a run is made: what the command line can choose, and what a resumed run must agree on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from eval.types import Stage


class RetrievalMethod(StrEnum):
    """How passages are found: one search alone, or both fused."""

    DENSE = "dense"
    LEXICAL = "lexical"
    RRF = "rrf"
    MIN_MAX = "min-max"


@dataclass(frozen=True, slots=True)
class RunSettings:
    """One run. `stage` None means all that the set has gold for; `limit` None means every question."""

    dataset: str
    out: Path
    index: Path | None = None
    stage: Stage | None = None
    retrieval_method: RetrievalMethod = RetrievalMethod.MIN_MAX
    top_k: int | None = None
    target_error: float | None = None
    limit: int | None = None
    seed: int = 0
    depth: int = 100
    """Passages that the ranking reaches down to."""
    reader: str | None = None
    """Folder or name of another reader than the one that comes along."""
    precision: str | None = None
    without: tuple[str, ...] = ()
    """Abilities left out (`qa.abilities`), to measure what they are worth."""
    read_all: bool = False
    """Every passage found is read; else, as in the product, until no other is likely to change the answer."""

    def manifest(self) -> dict[str, object]:
        """What a resumed run must agree on; places are left out, so that folders may be moved.

        The reader is one of them: its fingerprint, which holds the precision, is checked as the models are.
        """
        places = {"dataset", "out", "index", "reader", "precision"}
        kept = {key: value for key, value in asdict(self).items() if key not in places}
        if not self.without:
            del kept["without"]  # so that runs from before there was a choice go on
        if not self.read_all:
            del kept["read_all"]  # the same
        return {**kept, "stage": self.stage.value if self.stage else "all"}
