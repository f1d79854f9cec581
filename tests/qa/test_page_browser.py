"""The page in a real Chromium: ask, follow the citation, read on; and nothing but the page's own origin is asked."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import replace

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from corpus.types import Document, Span
from qa.collection import Found
from qa.page.server import application, listen
from qa.page.shelf import Shelf

CHROMIUM = os.environ.get("CITESPAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
HOSTILE = (
    "<img src=x onerror=\"document.title='pwned'\"></mark><script>document.title='pwned'</script>"
    " <a href=\"javascript:document.title='pwned'\">x</a> ${document.title='pwned'} {{value}} \u202egnp.exe"
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install it, or name it in CITESPAN_CHROMIUM"),
]


class Library:
    """Answers by what the question holds; a long article around, so that there is something to scroll."""

    name = "library"

    def __init__(self, answer, abstention, cite) -> None:
        filler = "\n\n".join(f"Paragraph {number} tells of the weather in the bay." for number in range(200))
        self.long = Document.create(
            source="/articles/long.txt", text=f"{filler}\n\nIt has 31 berths. So it is.\n\n{filler}", title="Long"
        )
        self.hostile = Document.create(source="/articles/x.html", text=HOSTILE * 2, title=HOSTILE, url="javascript:x")
        start = self.long.text.index("It has 31")
        cited = cite(self.long, "31 berths", Span(start, start + 27))
        self._answer = replace(answer, citations=(cited,))
        self._abstention = abstention
        self._hostile = replace(answer, text=HOSTILE, citations=(cite(self.hostile, HOSTILE),), alternatives=())
        self._first = answer.citations[0].document_id
        self._article = Document.create(source="/articles/harbour.txt", text="", title="The harbour")

    def ask(self, question, terms=None, previous=(), notice=lambda _: None):
        notice(Found(10, 12.0))
        chosen = self._answer
        if "paint" in question:
            chosen = self._abstention
        if "hostile" in question:
            chosen = self._hostile
        return replace(chosen, question=question)

    default_target_error = 0.25

    def caveat(self, target_error):
        return None

    def document(self, document_id):
        return {self.long.id: self.long, self.hostile.id: self.hostile}.get(document_id, self._article)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


class Serving(threading.Thread):
    """Serves the page from a thread of its own: the tests' thread has Playwright's event loop."""

    def __init__(self, library: Library, bound) -> None:
        super().__init__()
        self._library, self._bound = library, bound
        self.ready = threading.Event()

    def run(self) -> None:
        shelf = Shelf(self._library, ("How many berths are there?",), self._library.feedback, self._library.uploads)
        app = application([shelf], host="127.0.0.1", credentials=None)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self.ready.set()
        self.server.run(sockets=[self._bound])


@pytest.fixture
def address(answer, abstention, cite):
    with listen("127.0.0.1", 0) as bound:
        serving = Serving(Library(answer, abstention, cite), bound)
        serving.start()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/"
        assert serving.ready.wait(30)
        serving.server.should_exit = True
        serving.join(30)


@pytest.fixture
def visit(browser, address):
    """Open the page; afterwards, nothing outside was asked for and nothing was complained of."""
    asked, complaints, contexts = [], [], []

    def opened(**settings):
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        expect(page.locator(".cs-invitation")).to_be_visible(timeout=30_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert complaints == []


def put(page, question):
    box = page.locator("#cs-question textarea")
    box.fill(question)
    box.press("Enter")


def inside(inner, outer) -> bool:
    return (
        outer["x"] <= inner["x"]
        and outer["y"] <= inner["y"]
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"]
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    )


def test_ask_follow_the_citation_and_read_on(visit):
    page = visit(viewport={"width": 1280, "height": 800})
    page.get_by_role("button", name="How many berths are there?").click()
    expect(page.locator(".cs-reply .cs-span")).to_have_text("31 berths")
    expect(page.locator(".cs-passage mark")).to_have_text("31 berths")
    page.get_by_role("button", name="Read it in the whole article").click()
    article = page.locator(".cs-article")
    expect(article.locator("mark")).to_be_in_viewport()
    assert inside(article.locator("mark").bounding_box(), article.bounding_box())
    page.locator(".cs-card").click()
    expect(page.locator(".cs-passage mark")).to_have_text("1904")
    page.locator(".cs-chip").click()
    expect(page.locator(".cs-passage mark")).to_have_text("31 berths")
    put(page, "Who painted it?")
    expect(page.locator(".cs-abstained .cs-span")).to_have_text("The articles do not say.")
    expect(page.locator(".cs-near").first).to_be_in_viewport()
    put(page, "And how many berths?")
    expect(page.locator(".cs-turn")).to_have_count(3)


def test_hostile_text_stays_text(visit):
    page = visit(viewport={"width": 1280, "height": 800})
    put(page, "hostile <b>question</b>")
    expect(page.locator(".cs-passage mark")).to_have_text(HOSTILE)
    expect(page.locator(".cs-question")).to_have_text("hostile <b>question</b>")
    page.get_by_role("button", name="Read it in the whole article").click()
    expect(page.locator(".cs-article mark")).to_have_text(HOSTILE)
    assert page.title() == "Citespan"
    assert page.locator(".cs-source :is(img, script), .cs-talk :is(img, script, a)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_alone_is_enough(visit):
    page = visit(viewport={"width": 1280, "height": 800})
    put(page, "How many berths are there?")
    expect(page.locator(".cs-chip")).to_be_visible()
    page.locator(".cs-toggle").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cs-article")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit, scheme):
    page = visit(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    put(page, "How many berths are there?")
    expect(page.locator(".cs-passage mark")).to_have_text("31 berths")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground = page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).backgroundColor")
    assert (sum(int(part) for part in ground.strip("rgb()").split(",")) < 200) == (scheme == "dark")
