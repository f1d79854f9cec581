"""For everyone: keyboard alone, axe-core without a serious finding, light and dark, a phone; and hostile articles."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STEPS = """() => {
    const seen = document.activeElement;
    return [seen.className, seen.tagName, getComputedStyle(seen).outlineStyle, getComputedStyle(seen).boxShadow];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, put, serious_findings, scheme):
    page = visit(color_scheme=scheme)
    page.get_by_role("button", name="Which articles, and how sure").click()
    page.get_by_role("button", name="Add articles").click()
    assert serious_findings(page) == []
    put(page, "How many berths are there?")
    put(page, "Who painted it?")
    assert serious_findings(page) == []
    page.locator(".cs-chip").click()
    page.get_by_role("button", name="Read it in the whole article").click()
    expect(page.locator(".cs-article")).to_be_visible()
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.locator(".cs-remark")).to_be_visible()
    assert serious_findings(page) == []
    page.get_by_role("button", name="Articles", exact=True).click()
    expect(page.locator(".cs-articles")).to_be_visible()
    assert serious_findings(page) == []


def test_the_keyboard_alone_is_enough(visit, put):
    page = visit()
    put(page, "How many berths are there?")
    reached, unmarked = set(), []
    for _ in range(45):
        page.keyboard.press("Tab")
        style, tag, outline, shadow = page.evaluate(STEPS)
        reached |= set(style.split())
        if tag not in {"BODY", "HTML"} and outline == "none" and shadow == "none":
            unmarked.append((tag, style))
    wanted = {"cs-sure", "cs-chip", "cs-judge", "cs-link", "cs-keep", "cs-toggle", "cs-pick", "cs-card", "cs-browse"}
    assert wanted <= reached
    assert unmarked == []
    page.locator(".cs-toggle[data-whole=true]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cs-article")).to_be_visible()
    page.locator(".cs-browse").focus()
    page.keyboard.press("Space")
    expect(page.locator(".cs-articles")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit, put, scheme):
    page = visit(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    put(page, "How many berths are there?")
    expect(page.locator(".cs-passage mark")).to_have_text("31 berths")
    page.get_by_role("button", name="Which articles, and how sure").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground = page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).backgroundColor")
    assert (sum(int(part) for part in ground.strip("rgb()").split(",")) < 200) == (scheme == "dark")
    page.get_by_role("button", name="Articles", exact=True).click()
    expect(page.locator(".cs-articles")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_text_stays_text(visit, put, served):
    page = visit()
    put(page, "hostile <b>question</b>")
    hostile = served.library.ask("hostile").text
    expect(page.locator(".cs-passage mark")).to_have_text(hostile)
    expect(page.locator(".cs-question")).to_have_text("hostile <b>question</b>")
    page.get_by_role("button", name="Read it in the whole article").click()
    expect(page.locator(".cs-article mark")).to_have_text(hostile)
    page.get_by_role("button", name="Articles", exact=True).click()
    page.locator(".cs-articles .cs-card", has_text="onerror").click()
    expect(page.locator(".cs-article")).to_contain_text("onerror")
    assert page.title() == "Citespan"
    assert page.locator(":is(.cs-source, .cs-talk) :is(img, script, iframe)").count() == 0
    assert page.locator(":is(.cs-source, .cs-talk) a[href^='javascript']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ten_megabytes_in_one_line_hold(visit, put):
    page = visit()
    put(page, "endless line")
    expect(page.locator(".cs-passage mark")).to_have_text("xxxx")
    page.get_by_role("button", name="Read it in the whole article").click()
    article = page.locator(".cs-article")
    expect(article).to_contain_text("more characters]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pane, inner = page.locator("#cs-source").bounding_box(), article.bounding_box()
    assert inner["x"] + inner["width"] <= pane["x"] + pane["width"]
    assert len(page.content()) < 1_000_000
