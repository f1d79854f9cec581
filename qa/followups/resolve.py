"""From a question in a conversation to one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from qa.entities import question_names
from qa.followups.bare import bare_words, completed
from qa.followups.fragments import asked_again, fragment_of, substituted, without_lead
from qa.followups.phrases import name_phrases
from qa.followups.pronouns import resolve_pronouns
from qa.followups.turns import AnswerOf, Earlier
from qa.periods.absolute import absolute_mentions


def resolve(question: str, previous: Sequence[str], answer_of: AnswerOf) -> str:
    """The question as it would be asked without the `previous` ones (oldest first).

    A question that stands alone comes back to the letter. `answer_of` is asked for the answer of an earlier question
    (itself made to stand alone) only where a rule needs it.
    """
    earlier: str | None = None
    for one in [*previous, question]:
        earlier = one if earlier is None else _resolved(one, Earlier(earlier, answer_of))
    return question if earlier is None else earlier


def _resolved(question: str, earlier: Earlier) -> str:
    if words := bare_words(question):
        return completed(words, earlier)
    if fragment := fragment_of(question) or asked_again(question):
        return substituted(earlier.question, fragment)
    opened = without_lead(question)
    replaced = resolve_pronouns(opened, earlier)
    if replaced != opened:
        return replaced
    return question if opened == question else _in_place(opened, earlier)


def _in_place(question: str, earlier: Earlier) -> str:
    """A question that began with "And" and names nothing: put to what the earlier question named."""
    if question_names(question):
        return question
    phrases = name_phrases(earlier.question)
    if not phrases:
        return question
    last = phrases[-1]
    words = f"{question.rstrip('?!. ')} {last.preposition or 'of'} {last.text}"
    times = absolute_mentions(earlier.question)
    if times and not absolute_mentions(question):
        words += f" in {times[0].span.of(earlier.question)}"
    return f"{words}?"
