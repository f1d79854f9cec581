"""The page as Gradio Blocks: which component shows which drawing, and what happens on a click.

The only importer of gradio. There is no logic here: events become a `Conversation`, which is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from qa.page.conversation import conversation_html
from qa.page.header import header_html
from qa.page.source_pane import source_html
from qa.page.turns import Answerer, Conversation, article_of
from qa.page.words import PageWords

STATIC = Path(__file__).parent.parent / "static"
_FONT = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
_WAITING_QUESTIONS = 64
_LARGEST_UPLOAD = "1kb"
"""The page takes no files yet, and Gradio's upload route cannot be taken away."""

Drawn = tuple[Conversation, str, str]
"""The state, the left pane and the right pane."""


def page(answerer: Answerer, words: PageWords) -> gr.Blocks:
    """Lay the page out over an answerer."""
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    with gr.Blocks(title="Citespan", analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
        _drawing(header_html(words), "cs-header", script=None)
        with gr.Row(elem_id="cs-panes", equal_height=True):
            with gr.Column(elem_id="cs-left", scale=6, min_width=320):
                talk = _drawing(conversation_html(Conversation(), words.examples), "cs-talk", script)
                question = gr.Textbox(
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
            with gr.Column(elem_id="cs-right", scale=7, min_width=320):
                source = _drawing(source_html(Conversation()), "cs-source", script)
        _connect(answerer, gr.State(Conversation()), question, talk, source)
    return blocks.queue(max_size=_WAITING_QUESTIONS, api_open=False)


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


def _connect(answerer: Answerer, state: gr.State, question: gr.Textbox, talk: gr.HTML, source: gr.HTML) -> None:
    """Tie events to what they draw."""

    def ask(text: str, conversation: Conversation) -> Iterator[tuple[str, Conversation, str, str]]:
        asked = conversation.asked(text)
        yield "", asked, *_draw(asked, answerer)
        answered = asked.answered(answerer)
        yield "", answered, *_draw(answered, answerer)

    def suggest(event: gr.EventData, conversation: Conversation) -> Iterator[tuple[str, Conversation, str, str]]:
        yield from ask(str(event._data.get("question", "")), conversation)

    def show(event: gr.EventData, conversation: Conversation) -> Drawn:
        chosen = event._data
        opened = conversation.open(chosen.get("turn"), chosen.get("exhibit"), chosen.get("whole"))
        return opened, *_draw(opened, answerer)

    drawn = [state, talk, source]
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on(
        [question.submit],
        ask,
        [question, state],
        [question, *drawn],
        trigger_mode="once",
        concurrency_id="ask",
        **quiet,
    )
    talk.suggest(suggest, state, [question, *drawn], trigger_mode="once", concurrency_id="ask", **quiet)
    for pane in (talk, source):
        pane.show(show, state, drawn, queue=False, **quiet)


def _draw(conversation: Conversation, answerer: Answerer) -> tuple[str, str]:
    """Draw both panes, fetching the article where the whole of it is open."""
    opened, exhibit = conversation.opened, conversation.exhibit
    article = article_of(exhibit, answerer) if opened and opened.whole and exhibit else None
    return conversation_html(conversation), source_html(conversation, article)
