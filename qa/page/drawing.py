"""A conversation as the page shows it: what is open is checked, and fetched where the whole of it is shown."""

from __future__ import annotations

from corpus.errors import CitespanError
from index.listing import Listing
from qa.keeping.parcels import Parcel
from qa.page.articles import articles_html, reading_html
from qa.page.conversation import conversation_html
from qa.page.header import header_html
from qa.page.markup import element, styled
from qa.page.proof import prove
from qa.page.shelf import Shelf, Shelves
from qa.page.source_pane import source_html
from qa.page.terms import read_terms
from qa.page.turns import Browsing, Conversation, article_of
from qa.understanding import NO_FILTERS

Drawn = tuple[Conversation, str, str]
"""The state, the left pane and the right pane."""
_NOTHING_LISTED = Listing((), 0, 0)


def drawn(conversation: Conversation, shelves: Shelves, controls: tuple[object, ...] = ()) -> Drawn:
    """Draw both panes; `controls` narrow the list of articles."""
    examples = shelves.first.examples
    return conversation, conversation_html(conversation, examples), _beside(conversation, shelves, controls)


def head(shelf: Shelf, shelves: Shelves) -> str:
    """Draw the head for a collection; an index that cannot be read counts nothing and says so when it is asked."""
    try:
        listing = shelf.collection.listing()
    except CitespanError:
        listing = _NOTHING_LISTED
    return header_html(shelf.name, listing, named=len(shelves.names) > 1)


def outbox(parcel: Parcel | None, number: int) -> str:
    """Hand something to the page's script to save; the number tells it from the same thing saved before."""
    if parcel is None:
        return ""
    attributes = {"data-name": parcel.name, "data-kind": parcel.kind, "data-number": str(number), "hidden": ""}
    return element("pre", parcel.text, attributes=attributes)


def _beside(conversation: Conversation, shelves: Shelves, controls: tuple[object, ...]) -> str:
    opened, exhibit, place = conversation.opened, conversation.exhibit, conversation.browsing
    if place is not None:
        return _browsed(place, shelves.find(place.collection), controls)
    if opened is None or exhibit is None:
        return source_html(conversation)
    collection = shelves.find(conversation.turns[opened.turn].collection).collection
    article = article_of(exhibit, collection) if opened.whole else None
    return source_html(conversation, article, prove(exhibit, collection))


def _browsed(place: Browsing, shelf: Shelf, controls: tuple[object, ...]) -> str:
    try:
        if place.document_id is None:
            filters = read_terms(*controls).filters if controls else NO_FILTERS
            return articles_html(shelf.collection.listing(), place, filters, shelf.uploads)
        return reading_html(shelf.collection.document(place.document_id), place)
    except KeyError:
        return reading_html(None, place)
    except CitespanError as error:
        return element("aside", styled("p", "cs-problem", str(error)), attributes={"class": "cs-source"})
