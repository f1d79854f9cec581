"""What the abilities change in the order and the confidence of judged candidates, before one of them is given."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.abilities import Ability
from qa.agreement.kind_asked import possible_first
from qa.agreement.newest import newest_first
from qa.agreement.together import values_together
from qa.evidence import CandidateAnswer
from qa.explaining.together import sentences_together
from qa.lists.fitting import fitting_first
from qa.timing.asked_for import time_asked_first


def reconsidered(
    question: str, candidates: Sequence[CandidateAnswer], abilities: Collection[Ability]
) -> list[CandidateAnswer]:
    """The candidates as the abilities see them, best first."""
    found = list(candidates)
    if Ability.AGREEMENT in abilities:
        found = values_together(possible_first(question, found))
    if Ability.TIME in abilities:
        found = newest_first(question, time_asked_first(question, found))
    if Ability.LISTS in abilities:
        found = fitting_first(question, found)
    if Ability.LONG in abilities:
        found = sentences_together(question, found)
    return found
