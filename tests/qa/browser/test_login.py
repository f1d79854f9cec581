"""The login page, which Gradio draws: light and dark, on a desk and on a phone, before and after a wrong password."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qa.page.credentials import Credentials
from qa.page.passwords import hash_password
from qa.page.shelf import Shelf

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
DARK_BELOW = 200
"""Red, green and blue together."""


@pytest.fixture
def locked(served, serve_page, doors):
    """The address of the page behind a password; laid out once, for that takes seconds."""
    if not doors:
        doors.append(serve_page([Shelf(served.library)], Credentials({"ana": hash_password("secret-door")})))
        assert doors[0].ready.wait(120)
    return doors[0].address


@pytest.fixture(scope="module")
def doors():
    """The one page served, once it is."""
    return []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_login_page_is_for_everyone(browser, locked, serious_findings, scheme, size):
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(locked, timeout=60_000)
        password = page.get_by_label("password")
        expect(password).to_be_visible(timeout=60_000)
        assert page.title() == "Citespan"
        ground = page.locator("gradio-app").evaluate("node => getComputedStyle(node).backgroundColor")
        assert (sum(int(part) for part in ground.strip("rgb()").split(",")) < DARK_BELOW) == (scheme == "dark")
        assert serious_findings(page) == []
        page.get_by_label("username").fill("ana")
        password.fill("wrong-door")
        password.press("Enter")
        expect(page.get_by_text("Incorrect credentials")).to_be_visible(timeout=60_000)
        assert serious_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [url for url in asked if not url.startswith((locked, "data:", "blob:"))] == []
