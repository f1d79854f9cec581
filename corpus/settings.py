"""The numbers that passages are cut by, and the name of the way they are cut."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.cleaning import CLEANING_VERSION
from corpus.errors import UsageError
from corpus.punkt import parameters_digest

CHUNKING_VERSION = 1
"""Goes up whenever the same text and numbers would give other passages."""


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """Sizes in word-pieces of the encoder. Raises UsageError for numbers that contradict one another."""

    target: int = 128
    """A passage is closed once the next sentence would take it past this."""
    overlap: int = 32
    """About how much of the end of a passage the next one repeats, in whole sentences."""
    maximum: int = 160
    """No passage is larger, save a single character that counts for more."""
    sentence: int = 100
    """A sentence that is larger is cut at its clauses."""

    def __post_init__(self) -> None:
        if not (
            0 <= self.overlap < self.sentence <= self.target <= self.maximum
            and self.overlap + self.sentence <= self.maximum
        ):
            raise UsageError(
                f"passage sizes {self} contradict one another; expected 0 <= overlap < sentence <= target <= maximum "
                "and overlap + sentence <= maximum"
            )

    @property
    def fingerprint(self) -> str:
        """Two settings with one fingerprint cut every text alike."""
        return (
            f"passages-v{CHUNKING_VERSION}/cleaning-v{CLEANING_VERSION}/punkt-{parameters_digest()}"
            f"/target={self.target}/overlap={self.overlap}/maximum={self.maximum}/sentence={self.sentence}"
        )
