"""An answer that is a list, completed: from its sentence, its lines, or several sentences of the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.types import Document, Span
from qa.candidate_values import value_of
from qa.citing import cite_span
from qa.evidence import CandidateAnswer, Supported
from qa.lists.fitting import items_of
from qa.lists.wanted import items_wanted
from qa.types import Answer, ListItem
from qa.values.grouping import group_values
from qa.values.types import Kind


def complete_list(
    answer: Answer, question: str, candidates: Sequence[CandidateAnswer], documents: Mapping[str, Document]
) -> Answer:
    """The answer with its items, its words stretched over all of them where they stand together."""
    wanted = items_wanted(question)
    if wanted is None or not candidates or answer.abstained:
        return answer
    place = candidates[0].places[0]
    span = place.evidence.candidate.span
    spans = items_of(place.evidence, wanted)
    if spans and (not wanted or len(spans) == wanted) and any(span.overlaps(item) for item in spans):
        return _stretched(answer, place, spans, documents)
    if wanted > 1 and (gathered := _gathered(candidates, wanted)):
        return replace(answer, items=tuple(_item(one, one.evidence.candidate.span, documents) for one in gathered))
    return answer


def _stretched(answer: Answer, place: Supported, spans: Sequence[Span], documents: Mapping[str, Document]) -> Answer:
    """All items in one quote; further places of the old words would not say the same."""
    first = place.evidence.candidate.span
    whole = Span(min(spans[0].start, first.start), max(spans[-1].end, first.end))
    if first.start < spans[0].start:
        whole = Span(spans[0].start, whole.end)
    citation = cite_span(whole, place.evidence.scored.passage, documents, place.score)
    items = tuple(_item(place, span, documents) for span in spans)
    return replace(answer, text=citation.quote, citations=(citation,), items=items)


def _item(place: Supported, span: Span, documents: Mapping[str, Document]) -> ListItem:
    citation = cite_span(span, place.evidence.scored.passage, documents, place.score)
    return ListItem(citation.quote, citation)


def _gathered(candidates: Sequence[CandidateAnswer], wanted: int) -> list[Supported]:
    """As many different names as are wanted, the best of one article, in its order; none where there are fewer.

    A short form is the name that it is short for.
    """
    home = candidates[0].places[0].evidence.scored.passage.document_id
    places = [
        place
        for answer in candidates
        for place in answer.places
        if place.evidence.scored.passage.document_id == home
        and place.evidence.candidate.score > 0
        and value_of(place.evidence).kind is Kind.NAME
    ]
    found = [places[group[0]] for group in group_values([value_of(place.evidence) for place in places])]
    chosen = sorted(found, key=lambda place: -place.score)[:wanted]
    return sorted(chosen, key=lambda place: place.evidence.candidate.span) if len(chosen) == wanted else []
