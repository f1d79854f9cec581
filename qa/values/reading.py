"""From an answer's words to the value they stand for."""

from __future__ import annotations

import re
from datetime import date

from qa.periods.find import mentions
from qa.values.names import read_name, spelled_out
from qa.values.qualifiers import QUALIFIER
from qa.values.quantities import read_quantity
from qa.values.types import Value, When, Words
from qa.wording import answer_key

_BEFORE_DATE = re.compile(
    r"(?:(?:in|on|at|since|from|by|until|the|year|of|early|late|mid|end|beginning|around|about|end of)[\s-])*",
    re.IGNORECASE,
)


def read_value(text: str, *, published: date | None = None, article: str = "") -> Value:
    """The value of an answer as it stands in its article.

    `published` dates the article, for "on Saturday"; in the text of the `article` short names are looked up.
    """
    if when := _read_when(text, published):
        return when
    if quantity := read_quantity(text):
        return quantity
    name = read_name(text)
    if name is not None:
        return spelled_out(name, article) if article else name
    return Words(answer_key(text))


def _read_when(text: str, published: date | None) -> When | None:
    """The period, where the words are nothing but one (and words that lead up to it)."""
    found = mentions(text, published)
    if not found:
        return None
    first, last = found[0].span, found[-1].span
    head, tail = text[: first.start], text[last.end :]
    if not _BEFORE_DATE.fullmatch(head) or len(tail.split()) > 1 or any(map(str.isdigit, tail)):
        return None
    bound = QUALIFIER.search(head)
    if len(found) == 1:
        return When(found[0].period, bound[0].strip() if bound else "")
    inner = min((mention.period for mention in found), key=lambda period: period.last - period.first)
    return When(inner) if all(mention.period.overlaps(inner) for mention in found) else None
