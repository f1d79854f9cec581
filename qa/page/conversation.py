"""The left pane: questions, and answers or honest abstentions, with chips that open the passages."""

from __future__ import annotations

from collections.abc import Sequence

from qa.exhibits import Exhibit, ExhibitKind
from qa.page.markup import NOTHING, Markup, element, excerpt, styled
from qa.page.turns import Conversation, Opened, Turn
from qa.phrasing import NOT_CALIBRATED, likelihood, long_date, percent, plural
from qa.types import Answer

_EXCERPT_ROOM = 110
_NEAREST_SHOWN = 3
_CONFIDENCE_MEANS = "Of answers given with this confidence, about this share is right."


def conversation_html(conversation: Conversation, examples: Sequence[str] = ()) -> str:
    """Draw the conversation, or an invitation with example questions while it is empty."""
    turns = [_turn(number, turn, conversation.opened) for number, turn in enumerate(conversation.turns)]
    return element(
        "section",
        *(turns or [_invitation(examples)]),
        attributes={"class": "cs-talk", "role": "log", "aria-live": "polite", "aria-label": "Conversation"},
    )


def _invitation(examples: Sequence[str]) -> Markup:
    """What an empty conversation shows."""
    chips = [element("button", question, attributes={"class": "cs-example", "type": "button"}) for question in examples]
    return styled(
        "div",
        "cs-invitation",
        element("h2", "What would you like to know?"),
        element(
            "p",
            "Answers are quoted from the articles word for word, with the place they stand in. "
            "If the articles do not say, you are told so.",
        ),
        styled("div", "cs-examples", *chips) if chips else NOTHING,
    )


def _turn(number: int, turn: Turn, opened: Opened | None) -> Markup:
    if turn.answer is None:
        reply = _problem(turn.problem) if turn.problem else _pending()
    elif turn.answer.abstained:
        reply = _abstention(number, turn, turn.answer, opened)
    else:
        reply = _answer(number, turn, turn.answer, opened)
    question = element(
        "h3", element("span", turn.question, attributes={"dir": "auto"}), attributes={"class": "cs-question"}
    )
    return element("article", question, reply, attributes={"class": "cs-turn"})


def _pending() -> Markup:
    dots = element("span", *(element("i") for _ in range(3)), attributes={"class": "cs-dots", "aria-hidden": "true"})
    return styled("p", "cs-pending", dots, "Reading the articles")


def _problem(problem: str) -> Markup:
    return element("p", problem, attributes={"class": "cs-problem", "role": "alert"})


def _answer(number: int, turn: Turn, answer: Answer, opened: Opened | None) -> Markup:
    cited = turn.of_kind(ExhibitKind.CITATION)
    first = cited[0][1]
    return styled(
        "div",
        "cs-reply",
        element("p", answer.text or "", attributes={"class": "cs-span", "dir": "auto"}),
        _confidence(answer.confidence) if answer.calibrated else styled("p", "cs-confidence", NOT_CALIBRATED),
        element(
            "p",
            excerpt(first.passage_text, first.local_mark, _EXCERPT_ROOM),
            attributes={"class": "cs-excerpt", "dir": "auto"},
        ),
        styled("div", "cs-chips", *(_chip(number, at, exhibit, opened) for at, exhibit in cited)),
        _footnote(answer),
    )


def _abstention(number: int, turn: Turn, answer: Answer, opened: Opened | None) -> Markup:
    nearest = turn.of_kind(ExhibitKind.NEAREST)[:_NEAREST_SHOWN]
    heading = "The nearest passages, to judge for yourself" if nearest else ""
    return styled(
        "div",
        "cs-reply cs-abstained",
        styled("p", "cs-span", "The articles do not say."),
        styled("p", "cs-reason", answer.reason) if answer.reason else NOTHING,
        styled("p", "cs-label", heading) if heading else NOTHING,
        styled("div", "cs-nearest", *(_near(number, at, exhibit, opened) for at, exhibit in nearest)),
        _footnote(answer),
    )


def _confidence(confidence: float) -> Markup:
    """Say the confidence as word, number and a bar that shows the number."""
    bar = element(
        "span",
        element("span", attributes={"style": f"inline-size:{100 * confidence:.0f}%"}),
        attributes={"class": "cs-bar", "aria-hidden": "true"},
    )
    words = element("span", styled("b", "cs-word", likelihood(confidence)), ", ", percent(confidence))
    return element("p", bar, words, attributes={"class": "cs-confidence", "title": _CONFIDENCE_MEANS})


def _chip(turn: int, number: int, exhibit: Exhibit, opened: Opened | None) -> Markup:
    """Make the button that opens a citation."""
    day = f" · {long_date(exhibit.published)}" if exhibit.published else ""
    return element(
        "button",
        styled("span", "cs-number", str(number + 1)),
        styled("span", "cs-chip-title", exhibit.title),
        styled("span", "cs-chip-day", day),
        attributes=opening_attributes("cs-chip", turn, number, opened),
    )


def _near(turn: int, number: int, exhibit: Exhibit, opened: Opened | None) -> Markup:
    """Make the card of a passage that is merely near."""
    return element(
        "button",
        styled("span", "cs-chip-title", exhibit.title),
        element("span", excerpt(exhibit.passage_text, None, _EXCERPT_ROOM), attributes={"class": "cs-near-text"}),
        attributes=opening_attributes("cs-near", turn, number, opened),
    )


def _footnote(answer: Answer) -> Markup:
    seconds = f"{answer.timings.total / 1000:.1f} s"
    read = f"{plural(len(answer.nearest), 'passage')} read in {seconds}" if answer.nearest else seconds
    return styled("p", "cs-footnote", read)


def opening_attributes(style: str, turn: int, exhibit: int, opened: Opened | None) -> dict[str, str]:
    """Give the attributes of a button that opens an exhibit; the page's script sends both numbers back."""
    current = opened is not None and (opened.turn, opened.exhibit) == (turn, exhibit)
    return {
        "class": style,
        "type": "button",
        "data-turn": str(turn),
        "data-exhibit": str(exhibit),
        "aria-pressed": "true" if current else "false",
    }
