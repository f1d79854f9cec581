from __future__ import annotations

import base64
import json
import os
import re
import shutil
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from eval.catalogue import CATALOGUE, HEADLINES
from eval.harness import run
from eval.report.marking import occurrences, segments
from eval.report.page import embedded_json

CHROMIUM = os.environ.get("CITESPAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = '</script><img src=http://evil.example/x.png onerror="alert(1)"><b>$script $$ {{x}} \u2028 & "\''


class Page(HTMLParser):
    """Collects every address that a browser could ask for, and the embedded questions."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.data = ""
        self._inside = False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.addresses += [value for name, value in attrs if name in {"src", "href", "action", "srcset", "poster"}]
        self._inside = tag == "script" and found.get("type") == "application/json"

    def handle_data(self, data):
        if self._inside:
            self.data += data


@pytest.fixture(scope="module")
def written(module_bench):
    """The folder of a run whose article, question and answer are hostile."""
    question = f"How many apples {HOSTILE}?"
    module_bench.write_article("evil.txt", f"A page\n\nHere stands {HOSTILE} and the answer 42 apples.\n")
    module_bench.says |= {question: ("42 apples", 0.9), "What did the tram cost?": ("Monday", 0.8)}
    rows = [
        {
            "id": HOSTILE,
            "question": question,
            "answers": ["42 apples", HOSTILE],
            "document": "evil.txt",
            "kind": HOSTILE,
        },
        {"id": "q1", "question": "What did the tram cost?", "answers": ["48 million pounds"], "document": "tram.txt"},
    ]
    settings = module_bench.settings(rows)
    run(settings, module_bench.parts)
    before = {name: (settings.out / name).read_bytes() for name in ("report.json", "report.html", "report.md")}
    run(settings, module_bench.parts)
    return settings.out, before


@pytest.fixture(scope="module")
def page(written):
    return (written[0] / "report.html").read_text(encoding="utf-8")


def test_the_page_asks_for_nothing_and_escapes_everything(page):
    parsed = Page()
    parsed.feed(page)
    assert all(address.startswith("data:") for address in parsed.addresses)
    assert len([address for address in parsed.addresses if address.startswith("data:image/svg")]) == 5
    assert "onerror" not in page.replace("\\u003cimg src=http://evil.example/x.png onerror", "").replace(
        "&lt;img src=http://evil.example/x.png onerror", ""
    )
    assert parsed.tags.count("script") == 2
    assert parsed.tags.count("img") == 5
    assert "default-src 'none'" in page
    rows = json.loads(parsed.data)["rows"]
    assert rows[0]["id"] == HOSTILE
    assert "".join(text for text, _ in rows[0]["candidates"][0]["pieces"]).endswith("42 apples.")


def test_no_address_of_the_network_but_the_articles_own(page):
    rest = page.replace("evil.example", "")
    assert re.findall(r"https?://\S+|//\w+\.\w+|@import|url\(", rest.replace("http:///x.png", "")) == []


def test_plots_are_images_without_a_network(page):
    for image in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page):
        svg = base64.b64decode(image).decode()
        assert "<svg" in svg
        assert re.findall(r'(?:href|src)="(?!#)', svg) == []
        assert "url(http" not in svg


def test_errors_are_one_click_away(page):
    assert 'data-error="read but the wrong span"' in page
    parsed = Page()
    parsed.feed(page)
    assert [row["error"] for row in json.loads(parsed.data)["rows"]] == ["", "read but the wrong span"]


def test_markdown_tables_hold_whatever_the_rows_hold(written):
    lines = (written[0] / "report.md").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("|"):
            bars = len(re.findall(r"(?<!\\)\|", line))
            assert bars in {4, 5, 6, 7, 8}, line
    assert not any("<img" in line.replace("\\<img", "") for line in lines)


def test_same_run_same_report(written):
    out, before = written
    assert {name: (out / name).read_bytes() for name in before} == before


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install it, or name it in CITESPAN_CHROMIUM")
def test_the_page_in_a_real_browser(written):
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        sheet = browser.new_page()
        asked, complaints = [], []
        sheet.on("request", lambda request: asked.append(request.url))
        sheet.on("console", lambda message: complaints.append(message.text))
        sheet.on("pageerror", lambda error: complaints.append(str(error)))
        sheet.on("dialog", lambda dialog: complaints.append(dialog.message))
        address = (written[0] / "report.html").as_uri()
        sheet.goto(address)
        lines = sheet.locator("#table tbody tr.question")
        expect(lines).to_have_count(2)
        sheet.locator('[data-error="read but the wrong span"]').click()
        expect(lines).to_have_count(1)
        lines.first.click()
        expect(sheet.locator("mark.p").nth(1)).to_have_text("Monday")  # the first is the legend's
        expect(sheet.locator("mark.g").nth(1)).to_have_text("48 million pounds")
        sheet.select_option("#filter", "")
        sheet.locator("th button", has_text="F1").click()
        expect(lines.first).to_contain_text("q1")
        sheet.fill("#search", "onerror")
        expect(lines).to_have_count(1)
        lines.first.click()
        expect(sheet.locator("tr.details")).to_contain_text("<img src=http://evil.example/x.png")
        browser.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith("data:")] == [address]


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_embedded_json_is_inert_and_the_same_data(value):
    text = embedded_json({"value": value})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"value": value}


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=4), st.data())
def test_segments_are_the_text(text, ends, data):
    spans = [Span(min(pair), max(pair)) for pair in ends]
    cut = data.draw(st.integers(0, len(spans)))
    pieces = segments(text, spans[:cut], spans[cut:])
    assert "".join(piece for piece, _ in pieces) == text
    position = 0
    for piece, mark in pieces:
        for offset in range(position, position + len(piece)):
            assert ("p" in mark) == any(span.start <= offset < span.end for span in spans[:cut])
            assert ("g" in mark) == any(span.start <= offset < span.end for span in spans[cut:])
        position += len(piece)


@pytest.mark.parametrize("text", ["4.33 billion", "133 billion", "33 billions", "1,33 billion", "x33 billion"])
def test_an_occurrence_cuts_no_word_and_no_number(text):
    assert occurrences(text, ["33 billion"]) == []
    assert occurrences("33 billion", [text]) == []


@pytest.mark.parametrize("text", ["33 billion.", "in 33 billion, 5", "(33 billion)", "33 billion", "No.33 billion"])
def test_an_occurrence_beside_punctuation(text):
    assert len(occurrences(text, ["33 billion"])) == 1


def test_occurrences_are_whole_words_longest_first():
    text = "14,000 firms, 114,000 others and over 14,000 firms"
    found = [span.of(text) for span in occurrences(text, ["14,000", "over 14,000 firms", "14,000 firms", ""])]
    assert found == ["14,000 firms", "over 14,000 firms"]


def test_headlines_are_known_figures():
    assert {name.partition(".")[2] for name in HEADLINES} <= CATALOGUE.keys()
