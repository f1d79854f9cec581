"""The page in a real Chromium: ask, follow the citation, read on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def inside(inner, outer) -> bool:
    return (
        outer["x"] <= inner["x"]
        and outer["y"] <= inner["y"]
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"]
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    )


def test_ask_follow_the_citation_and_read_on(visit, put):
    page = visit()
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


def test_another_passage_begins_with_its_head(visit, put):
    page = visit(viewport={"width": 1280, "height": 420})
    put(page, "How many berths are there?")
    page.get_by_role("button", name="Read it in the whole article").click()
    expect(page.locator(".cs-article")).to_be_visible()
    page.locator(".cs-card").scroll_into_view_if_needed()
    expect(page.locator(".cs-source h2")).not_to_be_in_viewport()
    put(page, "Who painted it?")
    expect(page.locator(".cs-source h2")).to_be_in_viewport()


def test_the_meaning_of_the_confidence_opens_by_keyboard(visit, put):
    page = visit()
    put(page, "How many berths are there?")
    expect(page.locator(".cs-tip")).to_be_hidden()
    page.keyboard.press("Tab")
    page.locator(".cs-sure").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".cs-sure")).to_be_focused()
    expect(page.locator(".cs-tip")).to_be_visible()
    assert "about 82 are right" in page.locator(".cs-tip").inner_text()


def test_terms_and_collection_reach_the_question(visit, put, served):
    page = visit()
    page.get_by_role("button", name="Which articles, and how sure").click()
    page.locator("#cs-since textarea, #cs-since input").fill("2022-03")
    page.locator("#cs-place textarea, #cs-place input").fill("courier")
    page.locator("#cs-accepted input[type=number]").fill("10")
    page.locator("#cs-accepted input[type=number]").press("Enter")
    put(page, "How many berths are there?")
    _, terms = served.library.asked[-1]
    assert (str(terms.filters.since), terms.filters.source, terms.target_error) == ("2022-03-01", "*courier*", 0.1)
    page.locator("#cs-collection input").click()
    page.get_by_role("option", name="second").click()
    expect(page.locator(".cs-counts")).to_contain_text("second:")
    put(page, "And how many berths there?")
    assert served.second.asked[-1][0] == "And how many berths there?"


def test_the_file_on_disk_is_compared(visit, put):
    page = visit()
    put(page, "How many berths are there?")
    expect(page.locator(".cs-proof")).to_contain_text("Verified in the index")


def test_a_link_opens_the_page_on_its_answer(visit, put, served):
    page = visit()
    put(page, "How many berths are there?")
    address = page.get_by_role("link", name="Link to this").get_attribute("href")
    again = visit(address)
    expect(again.locator(".cs-reply .cs-span")).to_have_text("31 berths")
    expect(again.locator(".cs-question")).to_have_text("How many berths are there?")
