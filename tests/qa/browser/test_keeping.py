"""Verdicts by mouse, and what is carried away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qa.feedback.types import Verdict

pytestmark = pytest.mark.browser


def test_the_right_words_are_marked_by_mouse(visit, put, served):
    page = visit()
    put(page, "How many berths are new?")
    page.get_by_role("button", name="Wrong", exact=True).click()
    expect(page.get_by_role("button", name="Wrong", exact=True)).to_have_attribute("aria-pressed", "true")
    assert served.store.judgements()[-1].verdict is Verdict.WRONG
    page.get_by_role("button", name="Read it in the whole article").click()
    expect(page.locator(".cs-article mark")).to_be_in_viewport()
    # A drag over "9 of them", by where a range says that these words are drawn.
    box = page.evaluate(
        """() => {
            const after = document.querySelector(".cs-article mark").nextSibling;
            const text = after.nodeType === Node.TEXT_NODE ? after : after.firstChild;
            const range = document.createRange();
            const at = text.data.indexOf("9 of");
            range.setStart(text, at);
            range.setEnd(text, at + "9 of them".length);
            const { left, right, top, bottom } = range.getBoundingClientRect();
            return { left, right, middle: (top + bottom) / 2 };
        }"""
    )
    page.mouse.move(box["left"] + 1, box["middle"])
    page.mouse.down()
    page.mouse.move(box["right"] - 1, box["middle"], steps=4)
    page.mouse.up()
    page.get_by_role("button", name="The words I marked are the right answer").click()
    expect(page.locator(".cs-remark")).to_contain_text("“9 of them”")
    kept = served.store.judgements()[-1]
    document = served.library.document(kept.correct.document_id)
    assert kept.correct.span.of(document.text) == "9 of them"


def test_a_conversation_is_carried_away(visit, put):
    page = visit()
    put(page, "How many berths are there?")
    put(page, "Who painted it?")
    found = {}
    for way in ("Markdown", "JSON", "Page to print", "My verdicts, as an evaluation set"):
        with page.expect_download() as download:
            page.get_by_role("button", name=way, exact=True).click()
        found[way] = Path(download.value.path()).read_text(encoding="utf-8")
        assert "." in download.value.suggested_filename
    assert "**31 berths**[^1]" in found["Markdown"]
    assert [json.loads(line)["abstained"] for line in found["JSON"].splitlines()] == [False, True]
    assert found["Page to print"].startswith("<!DOCTYPE html>")


def test_an_article_is_dropped_listed_read_and_removed(visit, tmp_path):
    page = visit()
    path = tmp_path / "mill.txt"
    path.write_text("The mill was built in 1788.", encoding="utf-8")
    page.get_by_role("button", name="Add articles").click()
    page.locator("#cs-drop input[type=file]").set_input_files(path)
    expect(page.locator("#cs-uploaded")).to_contain_text("1 added")
    expect(page.locator(".cs-counts")).to_contain_text("5 articles")
    page.locator(".cs-articles .cs-card", has_text="The mill was built").click()
    expect(page.locator(".cs-article")).to_have_text("The mill was built in 1788.")
    page.get_by_role("button", name="All articles").click()
    page.get_by_role("button", name="Remove The mill").click()
    expect(page.locator("#cs-uploaded")).to_contain_text("Removed.")
    expect(page.locator(".cs-counts")).to_contain_text("4 articles")


def test_the_list_follows_the_filters(visit):
    page = visit()
    page.get_by_role("button", name="Articles", exact=True).click()
    expect(page.locator(".cs-articles li")).to_have_count(4)
    page.get_by_role("button", name="Which articles, and how sure").click()
    page.locator("#cs-since textarea, #cs-since input").fill("2022")
    page.get_by_role("button", name="Articles", exact=True).click()
    expect(page.locator(".cs-articles li")).to_have_count(1)
    expect(page.locator(".cs-articles li")).to_contain_text("5 January 2022 · 3 passages")
    page.get_by_role("button", name="Close the list").click()
    expect(page.locator(".cs-source-empty")).to_be_visible()
