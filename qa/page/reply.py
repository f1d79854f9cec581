"""One reply: the words, how sure they are, where they stand; or that the articles do not say, and what is nearest."""

from __future__ import annotations

from qa.exhibits import Exhibit, ExhibitKind
from qa.feedback.types import Verdict
from qa.page.buttons import acting, opening_attributes
from qa.page.links import link_of
from qa.page.markup import NOTHING, Markup, element, excerpt, joined, marked, styled
from qa.page.turns import Opened, Turn
from qa.phrasing import NOT_CALIBRATED, duration, likelihood, long_date, percent, plural
from qa.types import Answer, ValueGroup

_EXCERPT_ROOM = 110
_NEAREST_SHOWN = 3
_GROUPS_SHOWN = 5


def answer_html(number: int, turn: Turn, answer: Answer, opened: Opened | None) -> Markup:
    """Draw an answer."""
    cited = turn.of_kind(ExhibitKind.CITATION)
    return styled(
        "div",
        "cs-reply",
        _headline(answer),
        confidence_html(number, answer.confidence) if answer.calibrated else _uncalibrated(),
        _around(answer, cited[0][1]),
        styled("div", "cs-chips", *(_chip(number, at, exhibit, opened) for at, exhibit in cited)),
        _agreement(answer),
        _footnote(answer),
        _judging(number, turn),
    )


def abstention_html(number: int, turn: Turn, answer: Answer, opened: Opened | None) -> Markup:
    """Draw an abstention, which is an answer too."""
    nearest = turn.of_kind(ExhibitKind.NEAREST)[:_NEAREST_SHOWN]
    label = element("h4", "The nearest passages, to judge for yourself", attributes={"class": "cs-label"})
    return styled(
        "div",
        "cs-reply cs-abstained",
        styled("p", "cs-span", "The articles do not say."),
        styled("p", "cs-reason", answer.reason) if answer.reason else NOTHING,
        label if nearest else NOTHING,
        styled("div", "cs-nearest", *(_near(number, at, exhibit, opened) for at, exhibit in nearest)),
        _footnote(answer),
        _judging(number, turn),
    )


def confidence_html(number: int, confidence: float) -> Markup:
    """Say the confidence as word, number and a bar; what it means opens by pointing or by Tab."""
    bar = element(
        "span",
        element("span", attributes={"style": f"inline-size:{100 * confidence:.0f}%"}),
        attributes={"class": "cs-bar", "aria-hidden": "true"},
    )
    words = element("span", styled("b", "cs-word", likelihood(confidence)), ", ", percent(confidence))
    tip = f"cs-tip-{number}"
    meaning = (
        f"Of 100 answers given with this confidence, about {100 * confidence:.0f} are right. "
        "The number was fitted on questions with known answers, not guessed."
    )
    return element(
        "div",
        element("button", bar, words, attributes={"class": "cs-sure", "type": "button", "aria-describedby": tip}),
        element("span", meaning, attributes={"class": "cs-tip", "role": "tooltip", "id": tip}),
        attributes={"class": "cs-confidence"},
    )


def _uncalibrated() -> Markup:
    return styled("p", "cs-confidence", NOT_CALIBRATED)


def _headline(answer: Answer) -> Markup:
    """The words; of a list, its items."""
    if answer.items:
        items = [element("li", item.text, attributes={"dir": "auto"}) for item in answer.items]
        return element("ul", *items, attributes={"class": "cs-span cs-items"})
    return element("p", answer.text or "", attributes={"class": "cs-span", "dir": "auto"})


def _around(answer: Answer, first: Exhibit) -> Markup:
    """The sentences that explain, where there are; else what stands around the words."""
    if answer.in_full:
        whole = answer.in_full
        drawn = marked(whole.quote, answer.citations[0].span.shift(-whole.span.start))
    else:
        drawn = excerpt(first.passage_text, first.local_mark, _EXCERPT_ROOM)
    return element("p", drawn, attributes={"class": "cs-excerpt", "dir": "auto"})


def _chip(turn: int, number: int, exhibit: Exhibit, opened: Opened | None) -> Markup:
    """Make the button that opens a citation."""
    day = f" · {long_date(exhibit.published)}" if exhibit.published else ""
    return element(
        "button",
        styled("span", "cs-number", str(number + 1)),
        element("span", exhibit.title, attributes={"class": "cs-chip-title", "dir": "auto"}),
        styled("span", "cs-chip-day", day),
        attributes=opening_attributes("cs-chip", turn, number, opened),
    )


def _near(turn: int, number: int, exhibit: Exhibit, opened: Opened | None) -> Markup:
    """Make the card of a passage that is merely near."""
    return element(
        "button",
        element("span", exhibit.title, attributes={"class": "cs-chip-title", "dir": "auto"}),
        element(
            "span",
            excerpt(exhibit.passage_text, None, _EXCERPT_ROOM),
            attributes={"class": "cs-near-text", "dir": "auto"},
        ),
        attributes=opening_attributes("cs-near", turn, number, opened),
    )


def _agreement(answer: Answer) -> Markup:
    """What other articles and years say, where more than the answer's own place speaks."""
    groups = answer.agreement[:_GROUPS_SHOWN]
    if sum(len(group.wordings) for group in answer.agreement) < 2:
        return NOTHING
    return element(
        "details",
        element("summary", "What the articles say, one by one"),
        *(_group(group) for group in groups),
        attributes={"class": "cs-agreement"},
    )


def _group(group: ValueGroup) -> Markup:
    rows = [
        element(
            "li",
            element("span", f"“{wording.text}”", attributes={"dir": "auto"}),
            f" · {wording.period}" if wording.period else "",
            joined(" · ", element("span", wording.citation.title, attributes={"dir": "auto"})),
        )
        for wording in group.wordings
    ]
    return joined(styled("p", "cs-value", f"{group.value}: {plural(group.articles, 'article')}"), element("ul", *rows))


def _judging(number: int, turn: Turn) -> Markup:
    """Let a reader say whether the answer is right, and give its address away."""
    abstained = turn.answer is not None and turn.answer.abstained
    words = {Verdict.RIGHT: "Right", Verdict.WRONG: "Wrong", Verdict.SHOULD_ABSTAIN: "Should have abstained"}
    if abstained:
        words = {Verdict.RIGHT: "Right, they do not", Verdict.WRONG: "Wrong, they do"}
    buttons = [
        element(
            "button",
            said,
            attributes=acting("cs-judge", "judge", turn=str(number), verdict=verdict)
            | {"aria-pressed": "true" if turn.verdict is verdict else "false"},
        )
        for verdict, said in words.items()
    ]
    link = element("a", "Link to this", attributes={"class": "cs-link", "href": link_of(turn)})
    group = {"class": "cs-judging", "role": "group", "aria-label": "Is this answer right?"}
    remark = element("p", turn.remark, attributes={"class": "cs-remark", "role": "status"}) if turn.remark else NOTHING
    return joined(element("div", *buttons, link, attributes=group), remark)


def _footnote(answer: Answer) -> Markup:
    """The stages again, with the time each took."""
    found, read, total = (duration(one) for one in (answer.timings.retrieve, answer.timings.read, answer.timings.total))
    if not answer.nearest:
        return styled("p", "cs-footnote", total)
    stages = f"{plural(len(answer.nearest), 'passage')} found in {found}, read in {read}"
    return styled("p", "cs-footnote", f"{stages} · {total} in all")
