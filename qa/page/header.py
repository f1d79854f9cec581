"""The head of the page: what this is, and how much it has read."""

from __future__ import annotations

from index.listing import Listing
from qa.page.buttons import acting
from qa.page.markup import element, joined, styled
from qa.phrasing import plural


def header_html(collection: str, listing: Listing, *, named: bool = False) -> str:
    """Draw the head of the page; `named` where there are several collections."""
    counts = f"{plural(len(listing.documents), 'article')} · {plural(listing.passages, 'passage')}"
    return element(
        "header",
        element("h1", joined("Cite", element("mark", "span"))),
        styled("p", "cs-motto", "Answers in the articles’ own words"),
        styled("p", "cs-counts", f"{collection}: {counts}" if named else counts),
        element("button", "Articles", attributes=acting("cs-toggle cs-browse", "browse", collection=collection)),
        attributes={"class": "cs-header"},
    )
