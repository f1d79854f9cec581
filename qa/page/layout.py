"""The page as Gradio Blocks: which component shows which drawing, and which event draws it anew.

The only importer of gradio. There is no logic here: what an event does is in `qa.page.events`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from corpus.loaders.detect import SUFFIXES
from qa.page.attempts import MOST
from qa.page.closed_pages import ClosedPages
from qa.page.conversation import conversation_html
from qa.page.drawing import Drawn, head
from qa.page.events import Asked, Events
from qa.page.gradio_settings import settle
from qa.page.lining_up import in_turn
from qa.page.links import followed
from qa.page.shelf import Shelves
from qa.page.source_pane import source_html
from qa.page.turns import Conversation
from qa.turnstile import AT_ONCE, WAITING, Turnstile
from qa.uploading import LARGEST_FILE

STATIC = Path(__file__).parent.parent / "static"
_FONT = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
_EVENTS = AT_ONCE + WAITING + 16
"""Events that Gradio takes on at once: all questions that may wait, which need no threads, and some more."""
_SESSIONS = 200
"""Pages kept while they are open, 33 KB each and 25 KB a question; the one unused for longest is forgotten first."""
_STALE_UPLOADS = 3600, 3600
"""Seconds between looks for temporary files of uploads, and how old what is removed must be."""
_NO_UPLOAD = "1kb"
"""Where the page takes no files: Gradio's upload route cannot be taken away."""
_ERRORS = 5, 50
"""Wrong answers of 100 that may be accepted, at least and at most."""
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that events read and draw."""

    state: gr.State
    head: gr.HTML
    talk: gr.HTML
    source: gr.HTML
    outbox: gr.HTML
    question: gr.Textbox
    collection: gr.Dropdown
    controls: list[gr.components.Component]
    upload: gr.File | None
    uploaded: gr.HTML

    @property
    def drawn(self) -> list[gr.components.Component]:
        """In the order of `Drawn`."""
        return [self.state, self.talk, self.source]


def page(shelves: Shelves, turnstile: Turnstile) -> gr.Blocks:
    """Lay the page out over collections; questions wait at the turnstile."""
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    settle()
    with gr.Blocks(
        title="Citespan",
        analytics_enabled=False,
        fill_height=True,
        fill_width=True,
        delete_cache=_STALE_UPLOADS,
    ) as blocks:
        header = _drawing(head(shelves.first, shelves), "cs-header", script)
        with gr.Row(elem_id="cs-panes", equal_height=True):
            with gr.Column(elem_id="cs-left", scale=6, min_width=320):
                talk = _drawing(conversation_html(Conversation(), shelves.first.examples), "cs-talk", script)
                collection, controls = _controls(shelves)
                upload, uploaded = _upload(shelves)
                question = _question()
            with gr.Column(elem_id="cs-right", scale=7, min_width=320):
                source = _drawing(source_html(Conversation()), "cs-source", script)
        outbox = _drawing("", "cs-outbox", script)
        state = gr.State(Conversation())
        parts = _Parts(state, header, talk, source, outbox, question, collection, controls, upload, uploaded)
        _connect(blocks, Events(shelves), turnstile, parts)
        _connect_closing(blocks)
    blocks.max_threads = _EVENTS
    blocks.state_session_capacity = _SESSIONS
    return blocks.queue(max_size=_EVENTS, api_open=False)


def uploads_folder() -> Path:
    """Where Gradio keeps what was sent until an event takes it."""
    return Path(gr.utils.get_upload_folder())


def mount(
    app: FastAPI, blocks: gr.Blocks, admit: Callable[[str, str], Awaitable[bool]] | None, *, uploading: bool
) -> None:
    """Put the page at the root of an application; `admit` decides on user and password."""
    # Mounted, not launched: without this Gradio takes any file of this machine that a request names for an upload.
    blocks.has_launched = True
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        auth=admit,
        auth_message=f"These articles are for those who have a password. After {MOST} wrong ones you have to wait.",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=LARGEST_FILE if uploading else _NO_UPLOAD,
        favicon_path=str(STATIC / "favicon.png"),
        # The fonts of the reader's own system: none is fetched.
        theme=_theme(),
        css_paths=[STATIC / "page.css"],
    )


def _theme() -> gr.themes.Base:
    """The colours of page.css for what Gradio draws itself: the login page has no style sheet of ours."""
    theme = gr.themes.Base(font=_FONT, font_mono=_MONO)
    colours = {
        "body_background_fill": ("#f5f4f0", "#13171c"),
        "body_text_color": ("#1d2430", "#e8e6e0"),
        "background_fill_primary": ("#f5f4f0", "#13171c"),
        "panel_background_fill": ("#ffffff", "#1b2027"),
        "block_background_fill": ("#ffffff", "#1b2027"),
        "block_label_text_color": ("#59616e", "#a3abb6"),
        "block_title_text_color": ("#59616e", "#a3abb6"),
        "border_color_primary": ("#dfdcd3", "#323a45"),
        "input_background_fill": ("#ffffff", "#13171c"),
        "input_border_color": ("#8b919b", "#6c7683"),
        "button_primary_background_fill": ("#17596b", "#84c6d6"),
        "button_primary_background_fill_hover": ("#10414f", "#a4d6e2"),
        "button_primary_border_color": ("#17596b", "#84c6d6"),
        "button_primary_text_color": ("#ffffff", "#13171c"),
    }
    # In one call: a further one forgets some of the dark colours.
    light = {name: pair[0] for name, pair in colours.items()}
    dark = {f"{name}_dark": pair[1] for name, pair in colours.items()}
    theme.set(**light, **dark, input_border_width="1px")
    return theme


def _drawing(html: str, name: str, script: str | None) -> gr.HTML:
    """Make a component that shows what a pure function drew, free of Gradio's own text styles."""
    return gr.HTML(html, elem_id=name, js_on_load=script, apply_default_css=False)


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


def _controls(shelves: Shelves) -> tuple[gr.Dropdown, list[gr.components.Component]]:
    """The terms of the questions to come, closed until they are wanted; in the order of `read_terms`."""
    default = shelves.first.collection.default_target_error
    names = shelves.names
    with gr.Accordion("Which articles, and how sure", open=False, elem_id="cs-terms", elem_classes="cs-fold"):
        collection = gr.Dropdown(
            names, value=names[0], label="Collection", visible=len(names) > 1, elem_id="cs-collection"
        )
        accepted = gr.Slider(
            *_ERRORS,
            step=1,
            value=round(100 * (default or 0.2)),
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
                label="Source", placeholder="publisher or file", max_length=200, elem_id="cs-place", min_width=140
            )
    return collection, [accepted, since, until, place]


def _upload(shelves: Shelves) -> tuple[gr.File | None, gr.HTML]:
    """Where articles are dropped, if they are taken, and what became of them."""
    if not shelves.uploading:
        return None, gr.HTML(visible=False)
    with gr.Accordion("Add articles", open=False, elem_id="cs-adding", elem_classes="cs-fold"):
        upload = gr.File(
            file_count="multiple",
            file_types=sorted(SUFFIXES),
            label="Drop articles here",
            height=120,
            elem_id="cs-drop",
        )
        told = _drawing("", "cs-uploaded", script=None)
    return upload, told


def _connect(blocks: gr.Blocks, events: Events, turnstile: Turnstile, parts: _Parts) -> None:
    """Tie events to what they draw."""
    state, collection, controls = parts.state, parts.collection, parts.controls
    # Gradio takes all of them on, and the turnstile lets them through.
    asking: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": None, **_QUIET}
    answer = [parts.question, *parts.drawn]

    async def ask(question: str, conversation: Conversation, name: str, *terms: object) -> AsyncGenerator[Asked]:
        # Closed with this one, so that who goes away leaves the line at once.
        async with aclosing(in_turn(turnstile, events, question, conversation, name, *terms)) as stages:
            async for drawn in stages:
                yield drawn

    async def suggest(
        event: gr.EventData, conversation: Conversation, name: str, *terms: object
    ) -> AsyncGenerator[Asked]:
        async with aclosing(ask(str(event._data.get("question", "")), conversation, name, *terms)) as stages:
            async for drawn in stages:
                yield drawn

    async def follow(request: gr.Request, conversation: Conversation) -> AsyncGenerator[Any]:
        # Skipped first: somebody may be typing a question already when the page has loaded.
        yield tuple(gr.skip() for _ in answer)
        link = followed(dict(request.query_params))
        if link is not None:
            async with aclosing(ask(link.question, conversation, link.collection or "", *link.controls)) as stages:
                async for drawn in stages:
                    yield drawn

    def act(event: gr.EventData, conversation: Conversation, *terms: object) -> tuple[str, *Drawn]:
        return events.act(event._data, conversation, *terms)

    once = {"trigger_mode": "once"}
    gr.on([parts.question.submit], ask, [parts.question, state, collection, *controls], answer, **once, **asking)
    parts.talk.suggest(suggest, [state, collection, *controls], answer, **once, **asking)
    blocks.load(follow, state, answer, **asking)
    for pane in (parts.head, parts.talk, parts.source):
        pane.act(act, [state, *controls], [parts.outbox, *parts.drawn], queue=False, **_QUIET)
    collection.change(events.choose, [collection, state, *controls], [parts.head, *parts.drawn], queue=False, **_QUIET)
    _connect_uploads(events, parts)


def _connect_uploads(events: Events, parts: _Parts) -> None:
    """Tie adding and removing articles; one at a time."""

    def remove(event: gr.EventData, conversation: Conversation) -> tuple[str, str, *Drawn]:
        return events.remove(event._data, conversation)

    if parts.upload is None:
        return
    told = [parts.uploaded, parts.head, *parts.drawn]
    one_by_one: dict[str, Any] = {"concurrency_id": "articles", **_QUIET}
    taken = parts.upload.upload(events.upload, [parts.upload, parts.state, parts.collection], told, **one_by_one)
    taken.then(lambda: None, None, parts.upload, **_QUIET)
    parts.source.remove(remove, parts.state, told, **one_by_one)


def _connect_closing(blocks: gr.Blocks) -> None:
    """Let a page that was closed be forgotten."""

    def last_used(session: str) -> object:
        return blocks.state_holder.time_last_used.get(session)

    def forget(session: str) -> None:
        queue, pages = blocks._queue, blocks.state_holder
        with pages.lock:
            pages.session_data.pop(session, None)
            pages.time_last_used.pop(session, None)
        # Kept where a question is still being answered: its stages have to go somewhere.
        if not queue.pending_event_ids_session.get(session):
            queue.pending_event_ids_session.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)

    closed = ClosedPages(last_used, forget)

    def close(request: gr.Request) -> None:
        if request.session_hash:
            closed.close(request.session_hash)

    blocks.unload(close)
