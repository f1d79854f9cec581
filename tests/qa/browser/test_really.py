"""The whole of it, nothing stood in for: a password, a file dropped on the page, a build, an answer cited from it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from index import build
from index.encoder import open_encoder
from qa.collection import IndexCollection
from qa.feedback.store import FeedbackStore
from qa.page.credentials import Credentials
from qa.page.passwords import hash_password
from qa.page.shelf import Shelf
from qa.pipeline import Pipeline
from qa.uploading import Uploads

pytestmark = pytest.mark.browser

MILL = """The mill of Oldby

Published: 4 May 2023

The mill of Oldby was built in 1788 by the miller Hanne Brandt. It has four floors and grinds rye on Saturdays.
Entrance costs 6 euros. Last year 2,140 people visited the mill.
"""


@pytest.fixture(scope="module")
def real(articles, serve_page, tmp_path_factory):
    """A real index behind a password, which takes articles."""
    home = tmp_path_factory.mktemp("real")
    index, encoder = home / "town.index", open_encoder()
    build([articles], index, encoder=encoder)
    with Pipeline.load(index, encoder=encoder) as pipeline:
        uploads = Uploads(home / "uploads", index, encoder)
        collection = IndexCollection("town", index, pipeline)
        credentials = Credentials({"ana": hash_password("secret-door")})
        shelf = Shelf(collection, (), FeedbackStore.beside(index), uploads)
        yield serve_page([shelf], credentials), uploads


@pytest.fixture
def enter(browser, real):
    """Enter by the login page; afterwards nothing outside was asked for."""
    asked, contexts = [], []

    def entered(**settings):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(real[0].address)
        log_in(page, "secret-door")
        expect(page.locator(".cs-invitation")).to_be_visible(timeout=60_000)
        return page

    yield entered
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((real[0].address, "data:", "blob:"))] == []


def log_in(page, word) -> None:
    page.get_by_label("username").fill("ana")
    page.get_by_label("password").fill(word)
    page.get_by_role("button", name="Login").click()


def test_nothing_is_seen_before_the_password(browser, real):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(real[0].address)
        log_in(page, "wrong-door")
        expect(page.get_by_text("Incorrect credentials")).to_be_visible(timeout=60_000)
        assert page.locator(".cs-invitation").count() == 0
        assert "articles ·" not in page.content()
        log_in(page, "secret-door")
        expect(page.locator(".cs-counts")).to_contain_text("2 articles")


def test_a_dropped_article_is_built_asked_cited_and_removed(enter, put, real, tmp_path):
    page = enter()
    path = tmp_path / "mill.txt"
    path.write_text(MILL, encoding="utf-8")
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7 no more than this")
    page.get_by_role("button", name="Add articles").click()
    page.locator("#cs-drop input[type=file]").set_input_files([path, damaged])
    told = page.locator("#cs-uploaded")
    expect(told).to_contain_text("1 added", timeout=60_000)
    expect(told.locator("[role=alert]")).to_contain_text("damaged.pdf")
    expect(page.locator(".cs-counts")).to_contain_text("3 articles")
    expect(page.locator(".cs-articles")).to_contain_text("4 May 2023")

    page.get_by_role("button", name="Which articles, and how sure").click()
    page.locator("#cs-place textarea, #cs-place input").fill("mill.txt")
    page.locator("#cs-accepted input[type=number]").fill("50")
    page.locator("#cs-accepted input[type=number]").press("Enter")
    put(page, "In what year was the mill of Oldby built?")
    expect(page.locator(".cs-reply .cs-span")).to_contain_text("1788")
    expect(page.locator(".cs-passage mark")).to_contain_text("1788")
    expect(page.locator(".cs-proof")).to_contain_text("the file on disk is unchanged")

    (real[1].folder / "mill.txt").write_text(MILL.replace("1788", "1789"), encoding="utf-8")
    page.locator(".cs-chip").first.click()
    expect(page.locator(".cs-proof")).to_contain_text("has changed since")

    page.get_by_role("button", name="Articles", exact=True).click()
    page.get_by_role("button", name="Remove The mill of Oldby").click()
    expect(told).to_contain_text("Removed.", timeout=60_000)
    expect(page.locator(".cs-counts")).to_contain_text("2 articles")
    assert not (real[1].folder / "mill.txt").exists()
