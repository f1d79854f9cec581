"""What an answer shows beyond its words: other articles, other years, items, the whole sentence, further places."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from corpus.types import Document
from qa.abilities import Ability
from qa.agreement.family import family_of
from qa.agreement.view import agreement_view, timeline_of
from qa.citing import cite_span
from qa.combining.support import support_of
from qa.evidence import CandidateAnswer
from qa.explaining.sentences import explaining_span
from qa.explaining.wanted import asks_to_explain
from qa.lists.complete import complete_list
from qa.timing.scope import Tense, scope_of
from qa.types import Answer


def elaborated(
    answer: Answer,
    question: str,
    candidates: Sequence[CandidateAnswer],
    documents: Mapping[str, Document],
    abilities: Collection[Ability],
) -> Answer:
    """The answer with everything that the abilities add; `question` is the one that was put to the articles."""
    if not candidates:
        return answer
    if Ability.AGREEMENT in abilities:
        family = family_of(question, candidates)
        newest = Ability.TIME in abilities and scope_of(question).tense is Tense.PRESENT
        view = agreement_view(family, documents, newest=newest)
        answer = replace(answer, agreement=view, timeline=timeline_of(family, documents))
    if answer.abstained:
        return answer
    place = candidates[0].places[0]
    if Ability.LISTS in abilities:
        answer = complete_list(answer, question, candidates, documents)
    if Ability.LONG in abilities and asks_to_explain(question):
        passage = place.evidence.scored.passage
        whole = explaining_span(documents[passage.document_id].text, answer.citations[0].span)
        answer = replace(answer, in_full=cite_span(whole, passage, documents, place.score))
    if Ability.COMBINING in abilities:
        answer = replace(answer, support=support_of(question, place, documents))
    return answer
