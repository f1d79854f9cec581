"""A conversation as one HTML file to print or to send: no script, nothing fetched, footnotes at the end."""

from __future__ import annotations

from collections.abc import Sequence

from qa.keeping.markdown import footnote_facts
from qa.page.markup import NOTHING, Markup, element, joined, marked
from qa.phrasing import NOT_CALIBRATED, confidence_phrase, web_address
from qa.types import Answer, Citation

_STYLE = """
body { font: 12pt/1.5 Georgia, "Noto Serif", serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }
body { color: #111; background: #fff; }
h2 { font-size: 1em; margin: 2em 0 .3em; color: #444; }
.answer { font-size: 1.3em; font-weight: bold; margin: 0; }
.sure, .notes { font-size: .85em; color: #444; }
blockquote { margin: .6em 0; padding-left: 1em; border-left: 3px solid #ccc; }
mark { background: #ffe08a; unicode-bidi: isolate; }
p, blockquote, li { overflow-wrap: anywhere; }
article { break-inside: avoid; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def conversation_page(answers: Sequence[Answer]) -> str:
    """Write the whole file."""
    turns, notes = [], list[Citation]()
    for answer in answers:
        turns.append(_turn(answer, len(notes)))
        notes += answer.citations
    listed = [_note(number, citation) for number, citation in enumerate(notes, start=1)]
    head = joined(
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        element("title", "Questions and answers"),
        element("style", Markup(_STYLE)),
    )
    body = element(
        "body",
        element("h1", "Questions and answers"),
        *turns,
        element("ol", *listed, attributes={"class": "notes"}) if listed else NOTHING,
    )
    return f'<!DOCTYPE html>\n<html lang="en">{element("head", head)}{body}</html>\n'


def _turn(answer: Answer, before: int) -> Markup:
    question = element("h2", answer.question, attributes={"dir": "auto"})
    if answer.text is None:
        words = element("p", "The articles do not say.", attributes={"class": "answer"})
        return element("article", question, words, element("p", answer.reason or "", attributes={"class": "sure"}))
    numbers = [
        element("sup", element("a", str(at), attributes={"href": f"#note-{at}", "id": f"at-{at}"}))
        for at in range(before + 1, before + len(answer.citations) + 1)
    ]
    sure = confidence_phrase(answer.confidence) if answer.calibrated else NOT_CALIBRATED
    first = answer.citations[0]
    passage = marked(first.passage_text, first.span.shift(-first.passage.start))
    return element(
        "article",
        question,
        element(
            "p", element("span", answer.text, attributes={"dir": "auto"}), *numbers, attributes={"class": "answer"}
        ),
        element("p", sure, attributes={"class": "sure"}),
        element("blockquote", passage, attributes={"dir": "auto"}),
    )


def _note(number: int, citation: Citation) -> Markup:
    address = web_address(citation.url)
    return element(
        "li",
        element("q", citation.quote, attributes={"dir": "auto"}),
        f" {', '.join(footnote_facts(citation))} ",
        element("a", address, attributes={"href": address, "rel": "noreferrer"}) if address else NOTHING,
        element("a", " ↩", attributes={"href": f"#at-{number}", "aria-label": "back to the answer"}),
        attributes={"id": f"note-{number}"},
    )
