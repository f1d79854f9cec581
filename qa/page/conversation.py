"""The left pane: questions, the stages of their answers, and answers or honest abstentions."""

from __future__ import annotations

from collections.abc import Sequence

from qa.collection import Found
from qa.page.buttons import acting
from qa.page.markup import NOTHING, Markup, element, styled
from qa.page.reply import abstention_html, answer_html
from qa.page.turns import Conversation, Opened, Turn
from qa.phrasing import duration, plural
from qa.understanding import narrowed_phrase


def conversation_html(conversation: Conversation, examples: Sequence[str] = ()) -> str:
    """Draw the conversation, or an invitation with example questions while it is empty."""
    turns = [_turn(number, turn, conversation.opened) for number, turn in enumerate(conversation.turns)]
    return element(
        "section",
        *(turns or [_invitation(examples)]),
        _keeping() if conversation.answers else NOTHING,
        attributes={"class": "cs-talk", "role": "log", "aria-live": "polite", "aria-label": "Conversation"},
    )


def _keeping() -> Markup:
    """Offer the conversation to be carried away."""
    ways = {"markdown": "Markdown", "json": "JSON", "html": "Page to print"}
    buttons = [element("button", said, attributes=acting("cs-keep", "keep", way=way)) for way, said in ways.items()]
    feedback = element("button", "My verdicts, as an evaluation set", attributes=acting("cs-keep", "verdicts"))
    group = {"class": "cs-keeping", "role": "group", "aria-label": "Keep this conversation"}
    return element("div", element("span", "Keep as"), *buttons, feedback, attributes=group)


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
        reply = _problem(turn.problem) if turn.problem else _pending(turn.found, turn.ahead)
    elif turn.answer.abstained:
        reply = abstention_html(number, turn, turn.answer, opened)
    else:
        reply = answer_html(number, turn, turn.answer, opened)
    question = element(
        "h3", element("span", turn.question, attributes={"dir": "auto"}), attributes={"class": "cs-question"}
    )
    return element("article", question, _understood(turn), reply, attributes={"class": "cs-turn"})


def _understood(turn: Turn) -> Markup:
    """How the question was taken, where that is not as it was typed."""
    resolved = turn.answer.resolved if turn.answer else None
    narrowed = turn.answer.narrowed if turn.answer else narrowed_phrase(turn.terms.filters)
    words = [f"Understood as: {resolved}"] if resolved else []
    words += [f"Only articles {narrowed}"] if narrowed else []
    words += [turn.caveat] if turn.caveat else []
    return styled("div", "cs-understood", *(element("p", one) for one in words)) if words else NOTHING


def _pending(found: Found | None, ahead: int) -> Markup:
    """Show which stage the answer is in."""
    if found is None and ahead:
        waits = f"Waiting for {plural(ahead, 'question')} put before yours"
        return styled("div", "cs-stages", _stage(waits, done=False))
    if found is None:
        return styled("div", "cs-stages", _stage("Looking for passages", done=False))
    return styled(
        "div",
        "cs-stages",
        _stage(f"Found {plural(found.passages, 'passage')} in {duration(found.milliseconds)}", done=True),
        _stage("Reading them", done=False),
    )


def _stage(words: str, *, done: bool) -> Markup:
    if done:
        return styled("p", "cs-done", styled("span", "cs-tick", "✓"), words)
    dots = element("span", *(element("i") for _ in range(3)), attributes={"class": "cs-dots", "aria-hidden": "true"})
    return styled("p", "cs-pending", dots, words)


def _problem(problem: str) -> Markup:
    return element("p", problem, attributes={"class": "cs-problem", "role": "alert"})
