"""What is carried away: complete, checkable, and article text stays text."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from corpus.types import Document
from qa.keeping.markdown import conversation_markdown
from qa.keeping.parcels import parcel_of
from qa.keeping.printable import conversation_page
from qa.serialise import answer_to_json
from qa.verification import verify_lines

HOSTILE = (
    '<img src=x onerror="alert(1)"> </mark><script>alert(1)</script> [x](javascript:alert(1)) **b** `c` &lt; \u202egnp'
)


class Shelf:
    def __init__(self, document) -> None:
        self._document = document

    def document(self, document_id):
        return {self._document.id: self._document}[document_id]


class Tags(HTMLParser):
    def __init__(self, html) -> None:
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for name, value in attributes if name == "href"]
        assert not [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


def test_markdown_has_footnotes(answer, abstention):
    text = conversation_markdown([answer, abstention, answer])
    assert "**31 berths**[^1]" in text
    assert "**31 berths**[^2]" in text
    assert "[^2]: “31 berths” The harbour, The Courier, 5 January 2022, /articles/harbour.txt, characters 36–45" in text
    assert "The articles do not say. No passage answers this surely enough." in text
    assert "likely, 82 %" in text
    assert "not calibrated" in conversation_markdown([replace(answer, calibrated=False)])


def test_the_page_to_print_has_footnotes_that_lead_back(answer, abstention):
    page = Tags(conversation_page([answer, abstention]))
    assert page.links == ["#note-1", "https://courier.example/harbour", "#at-1"]
    assert "The articles do not say." in page.text
    assert "script" not in page.tags


def test_json_is_what_verify_checks(answer, article):
    parcel = parcel_of([answer], "json")
    assert json.loads(parcel.text) == answer_to_json(answer, 1)
    (check,) = verify_lines(parcel.text.splitlines(), Shelf(article))
    assert check.problems == ()


def test_hostile_text_stays_text(answer, cite):
    document = Document.create(source=HOSTILE, text=f"a\n{HOSTILE}\nb", title=HOSTILE, url="javascript:alert(1)")
    hostile = replace(answer, question=HOSTILE, text=HOSTILE, citations=(cite(document, HOSTILE),))
    page = Tags(conversation_page([hostile]))
    assert not {"img", "script"} & set(page.tags)
    assert page.links == ["#note-1", "#at-1"]
    rendered = Tags(MarkdownIt("commonmark").render(conversation_markdown([hostile])))
    assert not {"img", "script", "a", "code"} & set(rendered.tags)
    assert HOSTILE in rendered.text


def test_only_ways_that_there_are(answer):
    assert parcel_of([answer], "exe") is None
    assert parcel_of([answer], None) is None
    assert parcel_of([], "json") is None
    assert parcel_of([answer], "html").name == "conversation.html"
