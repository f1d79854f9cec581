"""What other articles and years say, items, and whole sentences, as a person reads them in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from qa.highlight import segments, to_terminal
from qa.phrasing import long_date, plural
from qa.screen import INDENT, Terminal, plain
from qa.types import Answer, TimePoint, ValueGroup, Wording

_BAR = 24
_GROUPS = 5


def draw_understood(answer: Answer, terminal: Terminal) -> Iterator[str]:
    """How the question was understood, where that is not as it was typed."""
    if answer.resolved:
        yield terminal.dim(f"Understood as: {answer.resolved}")
    if answer.narrowed:
        yield terminal.dim(f"Only articles {answer.narrowed}")


def draw_headline(answer: Answer, terminal: Terminal) -> Iterator[str]:
    """The answer's words: one a line where it is a list, in their sentence where that explains."""
    if answer.items:
        for item in answer.items:
            yield f"{INDENT}• {terminal.bold(item.text)}"
    elif answer.in_full:
        whole = answer.in_full
        inside = answer.citations[0].span.shift(-whole.span.start)
        drawn = to_terminal(segments(" ".join(whole.quote.split("\n")), spans=[inside]), colour=terminal.colour)
        yield from textwrap.wrap(drawn, terminal.width, break_long_words=False) or [drawn]
    else:
        yield terminal.bold(answer.text or "")


def draw_support(answer: Answer, terminal: Terminal) -> Iterator[str]:
    """Where the article names what the question asks about."""
    for support in answer.support:
        sentence = textwrap.shorten(plain(support.citation.passage_text), terminal.width - 4, placeholder=" …")
        yield f"{INDENT}{terminal.dim(f'{support.name}:')} {sentence}"


def draw_agreement(answer: Answer, terminal: Terminal) -> Iterator[str]:
    """All values with their articles and years, and the figure through the years."""
    if answer.agreement:
        yield ""
        yield terminal.dim(_heading(answer.agreement))
    for group in answer.agreement[:_GROUPS]:
        yield f"{INDENT}{group_line(group)}"
        yield from (f"{INDENT * 2}{terminal.dim(wording_line(wording))}" for wording in group.wordings)
    if len(answer.agreement) > _GROUPS:
        yield f"{INDENT}and {plural(len(answer.agreement) - _GROUPS, 'further value')}"
    if answer.timeline:
        yield ""
        yield terminal.dim("Through the years")
        yield from _timeline(answer.timeline)


def group_line(group: ValueGroup) -> str:
    """For example "over 14,000 firms: 2 articles (2022)"."""
    years = f" ({', '.join(map(str, group.years))})" if group.years else ""
    return f"{plain(group.wordings[0].text)}: {plural(group.articles, 'article')}{years}"


def wording_line(wording: Wording) -> str:
    """For example "“more than 14,000 companies” · 2022 · Torch zone lights way · 5 January 2022"."""
    citation = wording.citation
    day = long_date(citation.published) if citation.published else None
    facts = [f"“{plain(wording.text)}”", wording.period, plain(citation.title), day]
    return " · ".join(fact for fact in facts if fact)


def _heading(groups: tuple[ValueGroup, ...]) -> str:
    articles = len({wording.citation.document_id for group in groups for wording in group.wordings})
    if len(groups) == 1:
        return f"{plural(articles, 'article')} agree"
    return f"{plural(len(groups), 'value')} in {plural(articles, 'article')}"


def _timeline(points: tuple[TimePoint, ...]) -> Iterator[str]:
    """A bar for each year, from nought, so that its length is the figure."""
    most = max(abs(point.amount) for point in points) or 1.0
    for point in points:
        bar = "█" * max(1, round(_BAR * abs(point.amount) / most))
        yield f"{INDENT}{point.year}  {bar:<{_BAR}}  {plain(point.wording.text)}"
