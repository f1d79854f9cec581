"""The head of the page: what this is, and how much it has read."""

from __future__ import annotations

from qa.page.markup import element, joined, styled
from qa.page.words import PageWords
from qa.phrasing import plural


def header_html(words: PageWords) -> str:
    """Draw the head of the page."""
    counts = f"{plural(words.documents, 'article')} · {plural(words.passages, 'passage')}"
    return element(
        "header",
        element("h1", joined("Cite", element("mark", "span"))),
        styled("p", "cs-motto", "Answers in the articles’ own words"),
        styled("p", "cs-counts", counts),
        attributes={"class": "cs-header"},
    )
