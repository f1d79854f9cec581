"""The page as Gradio Blocks: which component shows which drawing, and what happens on a click.

The only importer of gradio. There is no logic here: events become a `Conversation`, which is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from corpus.errors import UsageError
from qa.collection import Collection, Terms
from qa.page.conversation import conversation_html
from qa.page.header import header_html
from qa.page.proof import prove
from qa.page.source_pane import source_html
from qa.page.terms import read_terms
from qa.page.turns import Conversation, article_of
from qa.page.words import PageWords

STATIC = Path(__file__).parent.parent / "static"
_FONT = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
_WAITING_QUESTIONS = 64
_LARGEST_UPLOAD = "1kb"
"""The page takes no files yet, and Gradio's upload route cannot be taken away."""

_ERRORS = 5, 50
"""Wrong answers of 100 that may be accepted, at least and at most."""
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}

Drawn = tuple[Conversation, str, str]
"""The state, the left pane and the right pane."""


def page(collection: Collection, words: PageWords) -> gr.Blocks:
    """Lay the page out over a collection."""
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    with gr.Blocks(title="Citespan", analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
        _drawing(header_html(words), "cs-header", script=None)
        with gr.Row(elem_id="cs-panes", equal_height=True):
            with gr.Column(elem_id="cs-left", scale=6, min_width=320):
                talk = _drawing(conversation_html(Conversation(), words.examples), "cs-talk", script)
                controls = _controls(collection)
                question = _question()
            with gr.Column(elem_id="cs-right", scale=7, min_width=320):
                source = _drawing(source_html(Conversation()), "cs-source", script)
        _connect(collection, gr.State(Conversation()), question, controls, (talk, source))
    return blocks.queue(max_size=_WAITING_QUESTIONS, api_open=False)


def _question() -> gr.Textbox:
    return gr.Textbox(
        elem_id="cs-question",
        placeholder="Ask the articles a question",
        label="Your question",
        show_label=False,
        container=False,
        lines=1,
        max_lines=5,
        submit_btn=True,
        autofocus=True,
    )


def _controls(collection: Collection) -> list[gr.components.Component]:
    """The terms of the questions to come, closed until they are wanted; in the order of `read_terms`."""
    default = collection.default_target_error
    with gr.Accordion("Which articles, and how sure", open=False, elem_id="cs-terms"):
        accepted = gr.Slider(
            *_ERRORS,
            step=1,
            value=100 * (default or 0.25),
            label="Wrong answers accepted, of 100 given",
            info="Fewer means that the articles are said to be silent more often.",
            visible=default is not None,
            buttons=[],
            elem_id="cs-accepted",
        )
        with gr.Row():
            since = gr.Textbox(label="From", placeholder="2022-03", max_length=10, elem_id="cs-since", min_width=90)
            until = gr.Textbox(label="Until", placeholder="2023", max_length=10, elem_id="cs-until", min_width=90)
            place = gr.Textbox(
                label="Source", placeholder="publisher, address or file", max_length=200, elem_id="cs-place", scale=2
            )
    return [accepted, since, until, place]


def mount(app: FastAPI, blocks: gr.Blocks, admit: Callable[[str, str], bool] | None) -> None:
    """Put the page at the root of an application; `admit` decides on user and password."""
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        auth=admit,
        auth_message="These articles are for those who have a password.",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=_LARGEST_UPLOAD,
        favicon_path=str(STATIC / "favicon.png"),
        # The fonts of the reader's own system: none is fetched.
        theme=gr.themes.Base(font=_FONT, font_mono=_MONO),
        css_paths=[STATIC / "page.css"],
    )


def _drawing(html: str, name: str, script: str | None) -> gr.HTML:
    """Make a component that shows what a pure function drew, free of Gradio's own text styles."""
    return gr.HTML(html, elem_id=name, js_on_load=script, apply_default_css=False)


def _connect(
    collection: Collection,
    state: gr.State,
    question: gr.Textbox,
    controls: list[gr.components.Component],
    panes: tuple[gr.HTML, gr.HTML],
) -> None:
    """Tie events to what they draw."""

    def ask(text: str, conversation: Conversation, *terms: object) -> Iterator[tuple[str, *Drawn]]:
        asked = conversation.asked(text)
        try:
            asked = conversation.asked(text, _kept(collection, read_terms(*terms)), collection.name)
        except UsageError as error:
            yield "", *_drawn(asked.refused(str(error)), collection)
            return
        yield "", *_drawn(asked, collection)
        for stage in asked.answering(collection):
            yield "", *_drawn(stage, collection)

    def suggest(event: gr.EventData, conversation: Conversation, *terms: object) -> Iterator[tuple[str, *Drawn]]:
        yield from ask(str(event._data.get("question", "")), conversation, *terms)

    def show(event: gr.EventData, conversation: Conversation) -> Drawn:
        chosen = event._data
        opened = conversation.open(chosen.get("turn"), chosen.get("exhibit"), chosen.get("whole"))
        return _drawn(opened, collection)

    drawn = [state, *panes]
    asking = {"trigger_mode": "once", "concurrency_id": "ask", **_QUIET}
    gr.on([question.submit], ask, [question, state, *controls], [question, *drawn], **asking)
    panes[0].suggest(suggest, [state, *controls], [question, *drawn], **asking)
    for pane in panes:
        pane.show(show, state, drawn, queue=False, **_QUIET)


def _kept(collection: Collection, terms: Terms) -> Terms:
    """The terms without a target where the collection's confidence cannot be held to one."""
    return terms if collection.default_target_error is not None else replace(terms, target_error=None)


def _drawn(conversation: Conversation, collection: Collection) -> Drawn:
    """Draw both panes, checking what is open and fetching its article where the whole of it is shown."""
    opened, exhibit = conversation.opened, conversation.exhibit
    if opened is None or exhibit is None:
        return conversation, conversation_html(conversation), source_html(conversation)
    article = article_of(exhibit, collection) if opened.whole else None
    proof = prove(exhibit, collection)
    return conversation, conversation_html(conversation), source_html(conversation, article, proof)
