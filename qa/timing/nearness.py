"""The time that a figure in an article belongs to, as its surroundings tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.types import Span
from qa.periods.absolute import absolute_mentions
from qa.periods.find import mentions
from qa.periods.types import Mention, Period
from qa.sentences import sentence_spans
from qa.types import Evidence

_FIGURE = re.compile(r"\d[\d,.]*")
_CLAUSE = re.compile(r"[,;:()]\s|\b(?:and|but|while|whereas|against)\b")
_COMPARED = re.compile(
    r"\b(?:from|against|than|compared (?:with|to)|versus|after)\s[^,;]{0,60}$|\b(?:than|since)\s(?:in\s)?$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:after|since|before|until|found(?:ed|ing)|creat(?:ed|ion)|open(?:ed|ing)|establish(?:ed|ment)|built|born|launch(?:ed)?|began|start(?:ed)?)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:has|have|is|are|keeps?|employs?|counts|owns|holds|spends|costs"
    r"|now|currently|at present|today|so far|to date)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:is|are)\s(?:\w+\s)?(?:to|expected|planned|due)\b|\bwill\b", re.IGNORECASE)
_BEGUN = re.compile(
    r"\b(?:since|after|until|before|(?:founded|created|opened|established|built|born|launched|began|started)\sin)\s(?:the\s)?$",
    re.IGNORECASE,
)
"""A period behind these words dates a beginning or an end, not what the sentences after it tell."""
_REACH = 3
"""Sentences before the one of the span whose periods still hold for it."""


@dataclass(frozen=True, slots=True)
class SpanTime:
    """When the words of a span hold.

    `own` are the periods attached to it in its sentence, nearest first; `around` the year of the article where the
    sentence is in the present tense, then those of the sentences before, of the heading and the title, nearest first;
    `published` the day of the article.
    """

    own: tuple[Period, ...]
    around: tuple[Period, ...]
    published: date | None
    sentence: tuple[Period, ...] = ()
    """All that the sentence names, whatever they are attached to."""

    @property
    def best(self) -> Period | None:
        """The one period to show: attached, else from around, else the year of the article."""
        if self.own or self.around:
            return (self.own or self.around)[0]
        return Period.of_years(self.published.year) if self.published else None


def time_of(evidence: Evidence) -> SpanTime:
    """The time of a candidate in its place."""
    passage = evidence.scored.passage
    published = evidence.document.published if evidence.document else None
    span = evidence.candidate.span.shift(-passage.span.start)
    sentences = _timed_sentences(passage.text, published)
    at = next((place for place, (sentence, _) in enumerate(sentences) if sentence.end > span.start), len(sentences))
    if at == len(sentences):
        return SpanTime((), (), published)
    own = _attached(passage.text, sentences[at][0], span, sentences[at][1])
    before = [
        mention.period
        for sentence, named in reversed(sentences[max(0, at - _REACH) : at])
        for mention in reversed(named)
        if (not mention.relative or _is_stretch(mention.period))
        and not _BEGUN.search(passage.text, sentence.start, mention.span.start)
    ]
    before += [mention.period for mention in absolute_mentions(passage.context)]
    if published and before and not own and _holds_now(sentences[at][0].of(passage.text)):
        before.insert(0, Period.of_years(published.year))
    named = tuple(mention.period for mention in sentences[at][1])
    return SpanTime(tuple(mention.period for mention in own), tuple(before), published, named)


def _is_stretch(period: Period) -> bool:
    """Whether it is several months of one year, which the sentences after it go on to tell of."""
    return (
        period.year is not None and period.first.month != period.last.month and period != Period.of_years(period.year)
    )


def _holds_now(sentence: str) -> bool:
    """Whether the sentence says how things stand on the day of its article, whatever years were named before it."""
    return _PRESENT.search(sentence) is not None and _NOT_YET.search(sentence) is None


@lru_cache(maxsize=256)
def _timed_sentences(text: str, published: date | None) -> list[tuple[Span, list[Mention]]]:
    """Each sentence with the periods it names, all in coordinates of `text`."""
    return [
        (
            sentence,
            [
                Mention(mention.span.shift(sentence.start), mention.period, mention.relative)
                for mention in mentions(sentence.of(text), published)
            ],
        )
        for sentence in sentence_spans(text)
    ]


def _attached(text: str, sentence: Span, span: Span, named: list[Mention]) -> list[Mention]:
    """The periods of the sentence that belong to the span, nearest first.

    In "£51.3 million in 2022, from £47.9 million in 2021" each figure has the year that follows it: a period behind
    another figure belongs to that one, and a period before the span may have been taken by a figure of its own. A
    sentence with a single period gives it to all its figures, unless it dates what they are compared with.
    """
    inside = [mention for mention in named if mention.span.overlaps(span)]
    after = [mention for mention in named if mention.span.start >= span.end][:1]
    next_to = inside + [one for one in after if not _figure_between(text, span.end, one.span.start, named)]
    if next_to:
        return next_to
    before = [one for one in reversed(named) if one.span.end <= span.start and not _taken(text, sentence, one, span)]
    if before:
        return before
    shared = [one for one in named if len(named) == 1 and one.span.start >= span.end]
    return [one for one in shared if not _compared(text, sentence, one)]


def _figure_between(text: str, start: int, end: int, named: list[Mention]) -> bool:
    """Whether a figure that is no part of a period stands between."""
    return any(
        not any(mention.span.overlaps(Span(*match.span())) for mention in named)
        for match in _FIGURE.finditer(text, start, end)
    )


def _taken(text: str, sentence: Span, mention: Mention, span: Span) -> bool:
    """Whether a figure or an event of its own clause has the period, and a new clause begins before the span."""
    clause = _CLAUSE.split(text[sentence.start : mention.span.start])[-1]
    if _CLAUSE.search(text, mention.span.end, span.start) is None:
        return False
    return _FIGURE.search(clause) is not None or _EVENT.search(clause) is not None


def _compared(text: str, sentence: Span, mention: Mention) -> bool:
    """Whether the period dates what something is compared with: "up from 47 minutes in 2022"."""
    return _COMPARED.search(text, sentence.start, mention.span.start) is not None
