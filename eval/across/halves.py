"""Two halves of every set: one that is looked at while rules are mended, and one that is only ever counted."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class Half(StrEnum):
    """A part of a set by who has seen how its questions fail."""

    ALL = "all"
    OPEN = "looked at"
    """Its failing questions may be read when a rule is mended."""
    HELD_OUT = "held out"
    """Nothing of it but its figures is looked at."""

    def holds(self, case_id: str) -> bool:
        """Whether the question is one of these: by the hash of its id, so that a new question moves no other one."""
        odd = hashlib.sha256(case_id.encode()).digest()[0] % 2 == 1
        return self is Half.ALL or odd == (self is Half.HELD_OUT)
