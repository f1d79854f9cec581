"""An earlier question of a conversation, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

AnswerOf = Callable[[str], "str | None"]
"""The answer to an earlier question, None where there was none; only called where a rule needs it."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question that stands alone; its answer is looked up only where a rule needs it."""

    question: str
    answer_of: AnswerOf

    @property
    def answer(self) -> str | None:
        """The answer's words."""
        return self.answer_of(self.question)
