"""From the question as it was typed to the one that is put to the articles, and to which articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from qa.abilities import Ability
from qa.filters.typed import typed_filters
from qa.filters.types import Filters
from qa.followups.resolve import resolve
from qa.followups.turns import AnswerOf
from qa.phrasing import long_date

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood; `given` is as typed, `text` is put to the articles that `filters` let in."""

    given: str
    text: str
    filters: Filters = NO_FILTERS
    guessed: str | None = None
    """What to put instead, to all articles, when there is no publisher of the name that was typed."""
    resolved: str | None = None
    """The question that a follow-up stands for."""

    def without_guess(self) -> Asked:
        """The same, with the name that is no publisher's taken as a part of the question."""
        return replace(
            self, text=self.guessed or self.text, filters=replace(self.filters, publisher=None), guessed=None
        )


def understand(
    question: str, previous: Sequence[str], filters: Filters, answer_of: AnswerOf, abilities: Collection[Ability]
) -> Asked:
    """Resolve the question from the `previous` ones and take out the filters typed in it; `filters` hold besides."""
    whole = resolve(question, previous, answer_of) if previous and Ability.FOLLOW_UPS in abilities else question
    asked = Asked(question, whole, filters, resolved=whole if whole != question else None)
    if Ability.FILTERS not in abilities:
        return asked
    typed = typed_filters(whole)
    if not typed.filters:
        return asked
    guessed = whole if typed.filters.publisher else None
    return replace(asked, text=typed.question, filters=filters.narrowed(typed.filters), guessed=guessed)


def narrowed_phrase(filters: Filters) -> str | None:
    """The filters for a person: "published since 1 March 2022, by China Daily"; None where there are none."""
    parts = []
    if filters.since and filters.until:
        parts.append(f"published from {long_date(filters.since)} to {long_date(filters.until)}")
    elif filters.since:
        parts.append(f"published since {long_date(filters.since)}")
    elif filters.until:
        parts.append(f"published until {long_date(filters.until)}")
    if filters.publisher:
        parts.append(f"by {filters.publisher.removeprefix('the ')}")
    if filters.source:
        parts.append(f"from {filters.source}")
    return ", ".join(parts) or None
