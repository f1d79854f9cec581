"""The right pane: the open passage in its article, with the words marked, and what else might answer."""

from __future__ import annotations

from pathlib import PurePosixPath

from corpus.types import Document, Span
from qa.exhibits import Exhibit, ExhibitKind
from qa.page.buttons import acting, opening_attributes
from qa.page.markup import NOTHING, Markup, element, excerpt, joined, marked, styled
from qa.page.proof import Proof, Standing
from qa.page.turns import Conversation, Opened, Turn
from qa.phrasing import long_date, percent, web_address

_AROUND = 20_000
"""Characters of the article shown on either side of the passage: a browser must not choke on a huge file."""

_CHANGED = "The article has changed or gone since this answer was given. Ask again to read it as it is now."

_KICKER = {
    ExhibitKind.CITATION: "Cited passage",
    ExhibitKind.ALTERNATIVE: "Another candidate",
    ExhibitKind.NEAREST: "Nearest passage",
}


_SIGNS = {Standing.HOLDS: "✓ Verified", Standing.UNCOMPARED: "✓ Verified in the index", Standing.BROKEN: "✗ Changed"}


def source_html(conversation: Conversation, document: Document | None = None, proof: Proof | None = None) -> str:
    """Draw the open passage and what checking it came to.

    `document` is its article where the whole is open, None if that has gone or changed.
    """
    if conversation.opened is None or conversation.exhibit is None:
        return element("aside", _empty(), attributes=_aside())
    opened, exhibit = conversation.opened, conversation.exhibit
    turn = conversation.turns[opened.turn]
    return element(
        "aside",
        _head(exhibit, opened, len(turn.exhibits)),
        _proof(proof) if proof else NOTHING,
        _article(document, exhibit) if opened.whole and document else _passage(exhibit),
        styled("p", "cs-problem", _CHANGED) if opened.whole and not document else _below(opened),
        _others(turn, opened),
        attributes=_aside(),
    )


def _aside() -> dict[str, str]:
    return {"class": "cs-source", "aria-label": "Source", "tabindex": "-1"}


def _empty() -> Markup:
    return styled(
        "div",
        "cs-source-empty",
        styled("p", "cs-quote-sign", "“"),
        element("p", "The passage an answer is quoted from opens here, with its words marked."),
    )


def _head(exhibit: Exhibit, opened: Opened, count: int) -> Markup:
    return element(
        "header",
        styled("div", "cs-source-top", styled("p", "cs-label", _KICKER[exhibit.kind]), _pager(opened, count)),
        element("h2", exhibit.title, attributes={"dir": "auto"}),
        styled("p", "cs-meta", *_meta(exhibit)),
        _also_in(exhibit),
    )


def _also_in(exhibit: Exhibit) -> Markup:
    """Name the other articles that tell the same story."""
    if not exhibit.also_in:
        return NOTHING
    names = [one.publisher or PurePosixPath(one.source).name or one.source for one in exhibit.also_in]
    return styled(
        "p", "cs-meta", element("span", f"The same story also in {', '.join(names)}", attributes={"dir": "auto"})
    )


def _proof(proof: Proof) -> Markup:
    """The mark of the check, with what was checked in words."""
    words = element("b", _SIGNS[proof.standing]), ": ", proof.what
    return element("p", *words, attributes={"class": f"cs-proof cs-{proof.standing}", "role": "status"})


def _meta(exhibit: Exhibit) -> list[Markup]:
    """Publisher, date, page and where it was read, as far as known."""
    name = PurePosixPath(exhibit.source).name or exhibit.source
    parts = [styled("span", "cs-publisher", exhibit.publisher)] if exhibit.publisher else []
    parts.append(element("time", long_date(exhibit.published)))
    if exhibit.page:
        parts.append(styled("span", "cs-page", f"page {exhibit.page}"))
    parts.append(element("code", name, attributes={"title": exhibit.source}))
    address = web_address(exhibit.url)
    if address:
        link = {"href": address, "target": "_blank", "rel": "noopener noreferrer nofollow", "title": address}
        parts.append(element("a", "on the web", attributes=link))
    return parts


def _pager(opened: Opened, count: int) -> Markup:
    """Let one step to the passage before and after."""
    if count < 2:
        return NOTHING
    return styled(
        "nav",
        "cs-pager",
        _step("‹", "Previous passage", opened.turn, opened.exhibit - 1, count),
        styled("span", "cs-count", f"{opened.exhibit + 1} of {count}"),
        _step("›", "Next passage", opened.turn, opened.exhibit + 1, count),
    )


def _step(sign: str, label: str, turn: int, exhibit: int, count: int) -> Markup:
    attributes = opening_attributes("cs-step", turn, exhibit, None) | {"aria-label": label, "title": label}
    del attributes["aria-pressed"]
    if not 0 <= exhibit < count:
        attributes["disabled"] = ""
    return element("button", sign, attributes=attributes)


def _passage(exhibit: Exhibit) -> Markup:
    base = str(exhibit.passage.start)
    return element(
        "blockquote",
        marked(exhibit.passage_text, exhibit.local_mark),
        attributes={"class": "cs-passage", "dir": "auto", "data-base": base},
    )


def _below(opened: Opened) -> Markup:
    """Offer the whole article, and to name the right words when the answer was wrong."""
    pick = element(
        "button",
        "The words I marked are the right answer",
        attributes=acting("cs-toggle cs-pick", "pick", turn=str(opened.turn)),
    )
    return styled("div", "cs-below", _toggle(opened), pick)


def _article(document: Document, exhibit: Exhibit) -> Markup:
    """Show the article around the passage: the passage tinted, the words in it marked."""
    size, passage = len(document.text), exhibit.passage
    shown = Span(max(0, passage.start - _AROUND), min(size, passage.end + _AROUND))
    mark = exhibit.mark.shift(-shown.start) if exhibit.mark else None
    return element(
        "div",
        _left_out(shown.start),
        element(
            "div",
            marked(shown.of(document.text), mark, passage.shift(-shown.start)),
            attributes={"data-base": str(shown.start)},
        ),
        _left_out(size - shown.end),
        attributes={
            "class": "cs-article",
            "dir": "auto",
            "tabindex": "0",
            "role": "region",
            "aria-label": "The whole article",
        },
    )


def _left_out(characters: int) -> Markup:
    return styled("span", "cs-left-out", f"[{characters:,} more characters]") if characters else NOTHING


def _toggle(opened: Opened) -> Markup:
    """Make the button between the passage and the whole article."""
    attributes = opening_attributes("cs-toggle", opened.turn, opened.exhibit, None)
    attributes |= {
        "data-whole": "false" if opened.whole else "true",
        "aria-pressed": "true" if opened.whole else "false",
    }
    return element(
        "button", "Show the passage only" if opened.whole else "Read it in the whole article", attributes=attributes
    )


def _others(turn: Turn, opened: Opened) -> Markup:
    """List the other candidate answers as cards."""
    others = turn.of_kind(ExhibitKind.ALTERNATIVE)
    if not others:
        return NOTHING
    abstained = turn.answer is not None and turn.answer.abstained
    heading = "Words that came close, too unsure to be given" if abstained else "Other candidate answers"
    cards = [_card(opened, number, exhibit) for number, exhibit in others]
    return styled("section", "cs-others", element("h3", heading), styled("div", "cs-cards", *cards))


def _card(opened: Opened, number: int, exhibit: Exhibit) -> Markup:
    confidence = percent(exhibit.confidence) if exhibit.confidence is not None else ""
    return element(
        "button",
        joined(
            element("span", exhibit.quote or "", attributes={"class": "cs-card-answer", "dir": "auto"}),
            styled("span", "cs-card-confidence", confidence),
        ),
        element(
            "span",
            excerpt(exhibit.passage_text, exhibit.local_mark, 60),
            attributes={"class": "cs-card-text", "dir": "auto"},
        ),
        styled("span", "cs-card-title", exhibit.title),
        attributes=opening_attributes("cs-card", opened.turn, number, opened),
    )
