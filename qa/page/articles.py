"""The list of articles with dates and passages, and one of them to read."""

from __future__ import annotations

from pathlib import PurePosixPath

from corpus.types import Document
from index.listing import ListedDocument, Listing
from qa.filters.types import Filters
from qa.page.buttons import acting
from qa.page.markup import NOTHING, Markup, element, styled
from qa.page.turns import Browsing
from qa.phrasing import long_date, plural
from qa.understanding import narrowed_phrase
from qa.uploading import Uploads

PAGE = 100
_SHOWN = 40_000
"""Characters of one article: a browser must not choke on a huge file."""


def articles_html(listing: Listing, place: Browsing, filters: Filters, uploads: Uploads | None) -> str:
    """Draw a page of the articles that the filters let in."""
    found = [one for one in listing.documents if filters.admits(one)]
    page = found[place.offset : place.offset + PAGE]
    narrowed = narrowed_phrase(filters)
    rows = [_row(one, place, uploads is not None and uploads.holds(one.source)) for one in page]
    return element(
        "aside",
        _top(f"{plural(len(found), 'article')} {narrowed or ''}".strip()),
        element("ul", *rows, attributes={"class": "cs-articles"}) if rows else element("p", "None."),
        _pager(place, len(found)),
        attributes={"class": "cs-source", "aria-label": "Articles", "tabindex": "-1"},
    )


def reading_html(document: Document | None, place: Browsing) -> str:
    """Draw one article to read, or that it has gone."""
    back = element("button", "‹ All articles", attributes=_browse("cs-toggle", place, offset=place.offset))
    if document is None:
        body = styled("p", "cs-problem", "The article is not in the index any more.")
    else:
        body = _article(document)
    return element("aside", back, body, attributes={"class": "cs-source", "aria-label": "Article", "tabindex": "-1"})


def _article(document: Document) -> Markup:
    left = len(document.text) - _SHOWN
    facts = [fact for fact in (document.publisher, long_date(document.published), document.source) if fact]
    return element(
        "div",
        element("h2", document.title, attributes={"dir": "auto"}),
        styled("p", "cs-meta", " · ".join(facts)),
        element(
            "div",
            document.text[:_SHOWN],
            styled("span", "cs-left-out", f"[{left:,} more characters]") if left > 0 else NOTHING,
            attributes={"class": "cs-article", "dir": "auto", "tabindex": "0", "role": "region", "aria-label": "Text"},
        ),
    )


def _top(words: str) -> Markup:
    close = element("button", "✕", attributes=acting("cs-step", "close") | {"aria-label": "Close the list"})
    return styled("div", "cs-source-top", element("h2", words), styled("span", "cs-pager", close))


def _row(one: ListedDocument, place: Browsing, removable: bool) -> Markup:
    name = PurePosixPath(one.source).name or one.source
    facts = f"{long_date(one.published)} · {plural(one.passages, 'passage')} · {one.publisher or name}"
    opening = element(
        "button",
        element("span", one.title, attributes={"class": "cs-card-answer", "dir": "auto"}),
        styled("span", "cs-card-title", facts),
        attributes=_browse("cs-card", place, offset=place.offset, document=one.id) | {"title": one.source},
    )
    remove = element(
        "button",
        "Remove",
        attributes={
            "class": "cs-toggle cs-remove",
            "type": "button",
            "data-event": "remove",
            "data-collection": place.collection,
            "data-document": one.id,
            "aria-label": f"Remove {one.title}",
        },
    )
    return element("li", opening, remove if removable else NOTHING)


def _pager(place: Browsing, count: int) -> Markup:
    if count <= PAGE:
        return NOTHING
    steps = [
        element("button", said, attributes=_browse("cs-toggle", place, offset=at))
        for said, at in (("‹ Before", place.offset - PAGE), ("Further ›", place.offset + PAGE))
        if 0 <= at < count
    ]
    return styled("nav", "cs-below", *steps)


def _browse(style: str, place: Browsing, *, offset: int, document: str | None = None) -> dict[str, str]:
    further = {"document": document} if document else {}
    return acting(style, "browse", collection=place.collection, offset=str(offset), **further)
