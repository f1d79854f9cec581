"""How well an answer does what its part is about, in [0, 1]."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from eval.across.cases import Case, Part
from eval.metrics import is_right, token_f1
from qa.types import Answer, Citation

_SHOWN = 0.01
"""A person is shown no candidate with less confidence than that."""


def score(case: Case, answer: Answer) -> float:
    """The score of the case's part."""
    return _SCORES[case.part](case, answer)


def _right(case: Case, answer: Answer) -> float:
    """1 for the right words, or for abstaining where the articles do not say."""
    return float(is_right(answer.text, case.answers))


def _right_from_there(case: Case, answer: Answer) -> float:
    """1 for the right words, every citation from an article that was let in."""
    allowed = all(_is_from(citation, case.documents) for citation in answer.citations)
    return _right(case, answer) if allowed else 0.0


def _values(case: Case, answer: Answer) -> float:
    """F1 of pairs of value and article: those of the view or, without one, of citations and alternatives."""
    shown = [(wording.text, wording.citation) for group in answer.agreement for wording in group.wordings]
    if not shown:
        others = [other for other in answer.alternatives if other.confidence >= _SHOWN]
        shown = [(citation.quote, citation) for citation in answer.citations]
        shown += [(other.answer, other.citation) for other in others]
    wanted = [(value.wordings, document) for value in case.values for document in value.documents]
    return _f1([_matching(text, citation, wanted) for text, citation in shown], len(wanted))


def _matching(text: str, citation: Citation, wanted: Sequence[tuple[Sequence[str], str]]) -> set[int]:
    """Which of the wanted pairs the words and their article are."""
    pairs = enumerate(wanted)
    return {place for place, (words, document) in pairs if _is_from(citation, (document,)) and is_right(text, words)}


def _items(case: Case, answer: Answer) -> float:
    """F1 of the items, an answer that names none being one item."""
    shown = [item.text for item in answer.items] or ([answer.text] if answer.text else [])
    hits = [{place for place, item in enumerate(case.items) if is_right(text, [item])} for text in shown]
    return _f1(hits, len(case.items))


def _sentence(case: Case, answer: Answer) -> float:
    """Token F1 of what is shown as the answer with the sentence that explains."""
    shown = answer.in_full.quote if answer.in_full else answer.text
    return token_f1(shown or "", [case.sentence])


def _both_places(case: Case, answer: Answer) -> float:
    """1 for the right words with every name of the question shown in a cited sentence or a supporting place."""
    if not _right(case, answer):
        return 0.0
    shown = [support.citation.passage_text for support in answer.support]
    shown += [_sentence_of(citation) for citation in answer.citations]
    return float(all(any(name.casefold() in text.casefold() for text in shown) for name in case.places))


def _sentence_of(citation: Citation) -> str:
    """The line of the passage that holds the quote: what a reader's eye falls on."""
    start = citation.span.start - citation.passage.start
    ends = [match.end() for match in re.finditer(r"[.!?]\s|\n", citation.passage_text)]
    first = max((end for end in ends if end <= start), default=0)
    last = min((end for end in ends if end >= start + len(citation.span)), default=len(citation.passage_text))
    return citation.passage_text[first:last]


def _is_from(citation: Citation, documents: Sequence[str]) -> bool:
    return any(citation.source == name or citation.source.endswith(f"/{name}") for name in documents)


def _f1(hits: Sequence[set[int]], wanted: int) -> float:
    """From what each thing shown is a hit for: the share that is a hit of any, and the share of the wanted hit."""
    found = len(set().union(*hits))
    if not found:
        return 0.0
    precision, recall = sum(map(bool, hits)) / len(hits), found / wanted
    return 2 * precision * recall / (precision + recall)


_SCORES: dict[Part, Callable[[Case, Answer], float]] = {
    Part.AGREEMENT: _values,
    Part.TIME: _right,
    Part.FILTERS: _right_from_there,
    Part.FOLLOW_UPS: _right,
    Part.LISTS: _items,
    Part.LONG: _sentence,
    Part.COMBINING: _both_places,
}
MEANING = {
    Part.AGREEMENT: "F1 of (value, article) pairs shown",
    Part.TIME: "right, or rightly abstained",
    Part.FILTERS: "right, from the articles let in",
    Part.FOLLOW_UPS: "right",
    Part.LISTS: "F1 of the items",
    Part.LONG: "token F1 with the explaining sentence",
    Part.COMBINING: "right, both places cited",
}
"""What the score of a part is."""
