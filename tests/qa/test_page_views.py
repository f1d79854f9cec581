"""What the page draws: the right words in the right place, and nothing that an article could smuggle in."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UsageError
from corpus.types import Document, Passage, Span
from index.listing import ListedDocument, Listing
from index.types import ScoredPassage
from qa.collection import Found, Terms
from qa.filters.types import Filters
from qa.keeping.parcels import parcel_of
from qa.page.articles import articles_html, reading_html
from qa.page.conversation import conversation_html
from qa.page.drawing import outbox
from qa.page.header import header_html
from qa.page.markup import element, excerpt, joined
from qa.page.source_pane import source_html
from qa.page.turns import Browsing, Conversation
from qa.types import Alternative, Answer, Citation, Timings

DRAWN = {
    *("section", "article", "aside", "header", "nav", "div", "blockquote", "span", "mark", "p", "h1", "h2", "h3", "h4"),
    *("b", "i", "button", "time", "code", "a", "ul", "li", "details", "summary", "pre"),
}
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</mark><script>alert(1)</script>",
    "javascript:alert(1)",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "&lt;b&gt; &amp;",
    "${alert(1)} {{value}} `",
    "\u202eright-to-left",
    "\x00\x1b[31m",
    "-->",
    "]]>",
]
hostile_text = (
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)), min_size=1, max_size=6)
    .map("".join)
    .filter(bool)
)


class Page(HTMLParser):
    """Reads HTML back: tags, attributes, all text, and the text inside of marks."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.marks: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        self._open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if "mark" in self._open:
            self.marks[-1] += data


class Library:
    """Answers every question with the answer it was given."""

    def __init__(self, answer: Answer, *documents: Document) -> None:
        self._answer = answer
        self._documents = {document.id: document for document in documents}

    name = "library"
    default_target_error = 0.25

    def ask(self, question: str, terms=None, previous=(), notice=lambda _: None) -> Answer:
        if not question.strip():
            raise UsageError("the question is empty; ask something")
        notice(Found(10, 12.0))
        self.previous = list(previous)
        return replace(self._answer, question=question)

    def caveat(self, target_error):
        return None if target_error > 0.1 else "cannot be promised"

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]


def listing(passages, *documents):
    listed = [
        ListedDocument(one.id, one.title, one.source, one.published, one.sha256, one.publisher, one.url, 2)
        for one in documents
    ]
    nothing = ListedDocument("x", "X", "/x.txt", None, "", None, None, 1)
    return Listing(tuple(listed or [nothing]), passages, 1)


def talk(library: Library, *questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        conversation = conversation.asked(question).answered(library)
    return conversation


def test_an_answer_is_headline_confidence_sentence_and_citation(answer, article):
    left = Page(conversation_html(talk(Library(answer, article), answer.question)))
    for words in ("How many berths are there?", "31 berths", "likely, 82 %", "The harbour", "5 January 2022", "300 ms"):
        assert words in left.text
    assert left.marks == ["31 berths"]


def test_a_confidence_that_is_not_calibrated_is_not_shown(answer, article):
    conversation = talk(Library(replace(answer, calibrated=False), article), answer.question)
    both = conversation_html(conversation) + source_html(conversation)
    assert "31 berths" in Page(both).text
    assert "not calibrated for this reader" in Page(both).text
    assert "%" not in Page(both).text


def test_the_source_shows_the_passage_with_its_words_marked_and_the_other_candidates(answer, article):
    right = Page(source_html(talk(Library(answer, article), answer.question)))
    assert "It has 31 berths, and 9 of them are new. Ana Ruiz runs it." in right.text
    assert right.marks == ["31 berths", "1904"]
    assert ("href", "https://courier.example/harbour") in right.attributes
    for words in ("The Courier", "harbour.txt", "Other candidate answers", "7 %", "1 of 2"):
        assert words in right.text


def test_an_abstention_is_an_answer_with_the_nearest_passages(abstention, article):
    conversation = talk(Library(abstention, article), abstention.question)
    left, right = Page(conversation_html(conversation)), Page(source_html(conversation))
    assert "The articles do not say." in left.text
    assert "No passage answers this surely enough." in left.text
    assert "The harbour opened in 1904." in left.text
    assert "Nearest passage" in right.text
    assert "too unsure to be given" in right.text


def test_the_whole_article_tints_the_passage_and_marks_the_words(answer, article):
    conversation = talk(Library(answer, article), answer.question).open(0, 0, True)
    html = source_html(conversation, article)
    assert article.text in Page(html).text
    assert (
        html.index("The harbour opened") < html.index('<span class="passage">It has ') < html.index("<mark>31 berths")
    )


def test_an_article_that_changed_since_is_not_marked_in_the_wrong_place(answer, article):
    conversation = talk(Library(answer, article), answer.question).open(0, 0, True)
    assert "has changed or gone" in Page(source_html(conversation, None)).text


def test_a_huge_article_is_cut_around_the_passage(answer, cite):
    huge = Document.create(source="/huge.txt", text="a " * 400_000 + "needle" + " b" * 400_000, title="Huge")
    citation = cite(huge, "needle", Span(799_990, 800_010))
    library = Library(replace(answer, text="needle", citations=(citation,), alternatives=()), huge)
    html = source_html(talk(library, "where?").open(0, 0, True), huge)
    assert len(html) < 60_000
    assert "more characters]" in html


def test_opening_follows_only_numbers_that_are_there(answer, article):
    conversation = talk(Library(answer, article), "one?", "two?")
    assert conversation.exhibit.quote == "31 berths"
    assert conversation.open(0, 1).exhibit.quote == "1904"
    for turn, exhibit in ((2, 0), (-1, 0), (0, 9), (0, -1), ("0", 0), (None, None), (0.0, 0), ([], {})):
        assert conversation.open(turn, exhibit) is conversation


def test_a_question_that_cannot_be_asked_is_told_and_leaves_the_open_passage(answer, article):
    library = Library(answer, article)
    conversation = talk(library, "one?", " ")
    assert "the question is empty; ask something" in Page(conversation_html(conversation)).text
    assert conversation.exhibit.quote == "31 berths"


def test_a_question_in_the_making_says_so(article, answer):
    assert "Looking for passages" in Page(conversation_html(Conversation().asked("Who?"))).text


def test_an_answer_comes_in_stages(answer, article):
    library = Library(answer, article)
    reading, done = Conversation().asked("How many?").answering(library)
    assert "Found 10 passages in 12 ms" in Page(conversation_html(reading)).text
    assert "Reading them" in Page(conversation_html(reading)).text
    text = Page(conversation_html(done)).text
    assert "31 berths" in text
    assert "1 passage found in 12 ms, read in 300 ms · 320 ms in all" in text


def test_a_defect_while_reading_is_not_swallowed(answer, article):
    library = Library(answer, article)
    library.ask = lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        list(Conversation().asked("How many?").answering(library))


def test_a_follow_up_knows_the_questions_before(answer, article):
    library = Library(answer, article)
    talk(library, "one?", " ", "two?")
    assert library.previous == ["one?"]


def test_what_was_understood_and_what_cannot_be_promised_is_said(answer, article):
    library = Library(replace(answer, resolved="Who runs <b>it</b>?", narrowed="published since 2022"), article)
    asked = Conversation().asked("Who?", Terms(target_error=0.05))
    text = Page(conversation_html(asked.answered(library))).text
    for words in ("Understood as: Who runs <b>it</b>?", "Only articles published since 2022", "cannot be promised"):
        assert words in text


def test_the_confidence_says_what_it_means(answer, article):
    page = Page(conversation_html(talk(Library(answer, article), "How many?")))
    assert "about 82 are right" in page.text
    assert ("aria-describedby", "cs-tip-0") in page.attributes
    assert ("id", "cs-tip-0") in page.attributes


def test_an_empty_conversation_invites_with_examples():
    page = Page(conversation_html(Conversation(), ("Who is <b>Ana</b>?",)))
    assert "Who is <b>Ana</b>?" in page.text
    assert "passage" in Page(source_html(Conversation())).text


def test_the_header_counts():
    assert "1 article · 1,204 passages" in Page(header_html("news", listing(1204))).text
    assert "news: 1 article" in Page(header_html("news", listing(1), named=True)).text


@settings(deadline=None)
@given(text=hostile_text, other=hostile_text, cut=st.tuples(st.integers(0, 400), st.integers(1, 60)))
@pytest.mark.parametrize("abstains", [False, True])
def test_nothing_an_article_holds_becomes_markup(abstains, text, other, cut):
    start = min(cut[0], len(text) - 1)
    span = Span(start, min(start + cut[1], len(text)))
    document = Document.create(source=other, text=text, title=other, publisher=other, url=other)
    whole = Span(0, len(text))
    quote = span.of(text)
    citation = Citation(document.id, other, other, None, document.sha256, span, quote, whole, text, 0.5, other, other)
    answer = Answer(
        question=other,
        text=None if abstains else quote,
        confidence=0.5,
        citations=() if abstains else (citation,),
        alternatives=(Alternative(quote, 0.1, citation),),
        reason=other if abstains else None,
        timings=Timings(1, 1, 2),
        nearest=(ScoredPassage(Passage.of(document, whole), 0.5),),
    )
    conversation = talk(Library(answer, document), "Who? " + other)
    drawn = [conversation_html(conversation), source_html(conversation)]
    opened = conversation.open(0, 0, True)
    drawn.append(source_html(opened, document))
    drawn.append(articles_html(listing(1, document), Browsing("news"), Filters(), None))
    drawn.append(reading_html(document, Browsing("news")))
    drawn.append(outbox(parcel_of([answer], "html"), 1))
    for html in drawn:
        page = Page(html)
        assert page.tags <= DRAWN
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        addresses = [value for name, value in page.attributes if name == "href"]
        assert all(address.startswith(("http://", "https://", "?q=")) for address in addresses)
    assert text in Page(drawn[2]).text
    if not abstains:
        assert Page(drawn[2]).marks[0] == quote


@settings(deadline=None)
@given(text=hostile_text)
def test_text_is_escaped_and_only_markup_is_let_through(text):
    assert Page(joined(element("p", text), text)).text == text + text


@settings(deadline=None)
@given(text=st.text(min_size=1, max_size=200), data=st.data())
def test_an_excerpt_keeps_the_marked_words(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    page = Page(excerpt(text, span, 20))
    assert page.marks == [span.of(text)]
    assert page.text.removeprefix("… ").removesuffix(" …") in text or "…" in text
