"""The page served from memory to a real Chromium; nothing but its own origin may be asked for."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import replace
from importlib.resources import files

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from corpus.types import Document, Span
from index.listing import ListedDocument, Listing
from index.types import BuildProgress, BuildReport
from qa.collection import Found
from qa.feedback.store import FeedbackStore
from qa.page.server import application, listen
from qa.page.shelf import Shelf

CHROMIUM = os.environ.get("CITESPAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
AXE = files("axe_playwright_python").joinpath("axe.min.js")
HOSTILE = (
    "<img src=x onerror=\"document.title='pwned'\"></mark><script>document.title='pwned'</script>"
    " <a href=\"javascript:document.title='pwned'\">x</a> ${document.title='pwned'} {{value}} \u202egnp.exe"
)


expect.set_options(timeout=30_000)


class Library:
    """Answers by what the question holds; a long article around, so that there is something to scroll."""

    name = "library"
    default_target_error = 0.25

    def __init__(self, answer, abstention, cite, article) -> None:
        filler = "\n\n".join(f"Paragraph {number} tells of the weather in the bay." for number in range(200))
        text = f"{filler}\n\nIt has 31 berths, 9 of them new. So it is.\n\n{filler}"
        long = Document.create(source="/articles/long.txt", text=text, title="Long")
        hostile = Document.create(source="/articles/x.html", text=HOSTILE * 2, title=HOSTILE, url="javascript:x")
        endless = Document.create(source="/articles/line.txt", text="x" * 10_000_000, title="y" * 5000)
        self.documents = {one.id: one for one in (long, hostile, endless, article)}
        start = text.index("It has 31")
        line = cite(endless, "xxxx", Span(0, 20_000))
        self._answers = {
            "paint": abstention,
            "hostile": replace(answer, text=HOSTILE, citations=(cite(hostile, HOSTILE),), alternatives=()),
            "endless": replace(answer, text="xxxx", citations=(line,), alternatives=()),
            "": replace(answer, citations=(cite(long, "31 berths", Span(start, start + 39)),)),
        }
        self.asked = []

    def ask(self, question, terms=None, previous=(), notice=lambda _: None):
        notice(Found(10, 12.0))
        self.asked.append((question, terms))
        chosen = next(answer for key, answer in self._answers.items() if key in question)
        return replace(chosen, question=question)

    def document(self, document_id):
        return self.documents[document_id]

    def listing(self):
        listed = tuple(
            ListedDocument(one.id, one.title, one.source, one.published, one.sha256, one.publisher, one.url, 3)
            for one in self.documents.values()
        )
        return Listing(listed, 3 * len(listed), 1)

    def caveat(self, target_error):
        return None


class Uploads:
    """Takes what it is sent into the library in memory."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def take(self, files):
        yield BuildProgress(0, len(files), 0)
        added = []
        for one in files:
            text = one.path.read_text(encoding="utf-8")
            document = Document.create(source=f"/uploads/{one.name}", text=text, title=text[:20])
            self._library.documents[document.id] = document
            added.append(document.source)
        yield BuildReport(tuple(added), (), (), (), (), 1, 2)

    def remove(self, article):
        return self._library.documents.pop(article, None) is not None

    def holds(self, source):
        return source.startswith("/uploads/")


class Serving(threading.Thread):
    """Serves the page from a thread of its own: the tests' thread has Playwright's event loop."""

    def __init__(self, shelves, bound, credentials=None) -> None:
        super().__init__(daemon=True)
        self._shelves, self._bound, self._credentials = shelves, bound, credentials
        self.ready = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._bound.getsockname()[1]}/"

    def stop(self) -> None:
        assert self.ready.wait(60)
        self.server.should_exit = True
        self.join(30)
        self._bound.close()

    def run(self) -> None:
        app = application(self._shelves, host="127.0.0.1", credentials=self._credentials)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self.ready.set()
        self.server.run(sockets=[self._bound])


@pytest.fixture(scope="module")
def browser():
    """Chromium, for one module: while Playwright runs, no other test of this thread can run an event loop."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it, or name it in CITESPAN_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def serve_page():
    """Serve a page of any shelves; stopped at the end. Laying one out takes seconds."""
    threads = []

    def serve(shelves, credentials=None):
        thread = Serving(shelves, listen("127.0.0.1", 0), credentials)
        thread.start()
        threads.append(thread)
        return thread

    yield serve
    for thread in threads:
        thread.stop()


class Served:
    """A page that is being served, and what stands behind it."""

    def __init__(self, address, library, store) -> None:
        self.address, self.library, self.store = address, library, store


@pytest.fixture(scope="session")
def serving(tmp_path_factory, serve_page):
    """Serve one page for all tests."""
    started = []

    def serve(library):
        if not started:
            store = FeedbackStore(tmp_path_factory.mktemp("page") / "feedback.sqlite")
            second = Library.__new__(Library)
            second.__dict__ |= library.__dict__ | {"name": "second", "asked": []}
            shelves = [
                Shelf(library, ("How many berths are there?",), store, Uploads(library)),
                Shelf(second, (), None, None),
            ]
            started.append(Served(serve_page(shelves).address, library, store))
            started[0].second = second
        return started[0]

    return serve


@pytest.fixture
def served(serving, answer, abstention, cite, article):
    return serving(Library(answer, abstention, cite, article))


@pytest.fixture
def visit(browser, served):
    """Open the page; afterwards, nothing outside was asked for and nothing was complained of."""
    asked, complaints, contexts = [], [], []

    def opened(path="", **settings):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served.address + path)
        expect(page.locator(".cs-turn" if path else ".cs-invitation").first).to_be_visible(timeout=60_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((served.address, "data:", "blob:"))] == []
    assert complaints == []


@pytest.fixture
def put():
    """Ask a question by keyboard and wait for its answer."""

    def ask(page, question):
        before = page.locator(".cs-turn").count()
        box = page.locator("#cs-question textarea")
        box.fill(question)
        box.press("Enter")
        expect(page.locator(".cs-turn")).to_have_count(before + 1)
        expect(page.locator(".cs-turn").last.locator(".cs-footnote")).to_be_visible()

    return ask


@pytest.fixture
def serious_findings():
    """Let axe-core look at a page, contrast and names included; gives what it calls serious or worse."""

    def look(page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]

    return look
