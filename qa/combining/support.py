"""Where an article names what the question asks about, if the sentence of the answer does not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.types import Document, Passage, Span
from qa.citing import cite_span
from qa.entities import question_names
from qa.evidence import Supported
from qa.sentences import sentence_of
from qa.timing.scope import scope_of
from qa.types import Support

_JOINED = re.compile(r"[’']s?\s|\s(?:of|and|for)\s(?:the\s)?")


def support_of(question: str, place: Supported, documents: Mapping[str, Document]) -> tuple[Support, ...]:
    """For each name and year of the question that the answer's sentence lacks, the title or the nearest place."""
    passage = place.evidence.scored.passage
    document = documents[passage.document_id]
    span = place.evidence.candidate.span
    home = sentence_of(document.text, span)
    years = [str(mention.period.year) for mention in scope_of(question).mentions if mention.period.year]
    found: dict[Span, Support] = {}
    names = [part for name in question_names(question) for part in _parts(name, document.text)]
    for name in [*names, *years]:
        if _find(name, home.of(document.text)) is not None:
            continue
        if (where := _best_place(name, document, home)) and not any(where.overlaps(other) for other in found):
            sentence = sentence_of(document.text, where)
            shown = Passage.of(document, Span(min(sentence.start, where.start), max(sentence.end, where.end)))
            found[where] = Support(name, cite_span(where, shown, documents, place.score))
    return tuple(found.values())


def _parts(name: str, text: str) -> list[str]:
    """The name as it is, or the names that it joins where the article never has them so: "Marrowick's Line 2"."""
    if _find(name, text) is not None:
        return [name]
    return [part for part in _JOINED.split(name) if len(part) > 1]


def _best_place(name: str, document: Document, home: Span) -> Span | None:
    """In the title, else the last mention before the sentence, else the first behind it."""
    text, title = document.text, document.text.find(document.title) if document.title else -1
    found = _pattern(name).search(text, title, title + len(document.title)) if 0 <= title < home.start else None
    before = list(_pattern(name).finditer(text, 0, home.start))
    match = found or (before[-1] if before else _pattern(name).search(text, home.end))
    return Span(*match.span()) if match else None


def _find(name: str, text: str) -> re.Match[str] | None:
    return _pattern(name).search(text)


def _pattern(name: str) -> re.Pattern[str]:
    """The name as whole words, whatever blanks part them."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
