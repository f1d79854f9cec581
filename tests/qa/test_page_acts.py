"""What clicks mean: verdicts are kept, words picked, conversations carried away; nonsense changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from corpus.errors import StorageError
from index.listing import ListedDocument, Listing
from qa.feedback.store import FeedbackStore
from qa.feedback.types import Verdict
from qa.page.acts import act
from qa.page.events import Events
from qa.page.links import followed, link_of
from qa.page.shelf import Shelf, Shelves
from qa.page.turns import Browsing, Conversation


class Library:
    def __init__(self, name, answer, document) -> None:
        self.name, self.default_target_error = name, 0.25
        self._answer, self._document = answer, document
        self.asked = []

    def ask(self, question, terms=None, previous=(), notice=None):
        self.asked.append((question, terms))
        return replace(self._answer, question=question)

    def document(self, document_id):
        return {self._document.id: self._document}[document_id]

    def listing(self):
        one = self._document
        row = ListedDocument(one.id, one.title, one.source, one.published, one.sha256, one.publisher, one.url, 2)
        return Listing((row,), 2, 1)

    def caveat(self, target_error):
        return None


@pytest.fixture
def shelves(answer, abstention, article, tmp_path):
    store = FeedbackStore.beside(tmp_path / "harbour.index")
    return Shelves(
        [
            Shelf(Library("harbour", answer, article), ("How many?",), store),
            Shelf(Library("silent", abstention, article)),
        ]
    )


@pytest.fixture
def conversation(shelves):
    return Conversation().asked("How many?", collection="harbour").answered(shelves.first.collection)


def test_a_verdict_is_kept_and_shown(conversation, shelves):
    judged, parcel = act(conversation, {"act": "judge", "turn": "0", "verdict": "should-abstain"}, shelves)
    assert parcel is None
    assert judged.turns[0].verdict is Verdict.SHOULD_ABSTAIN
    (kept,) = shelves.first.feedback.judgements()
    assert (kept.question, kept.verdict, kept.answer) == ("How many?", Verdict.SHOULD_ABSTAIN, "31 berths")


def test_marked_words_become_the_right_answer(conversation, shelves, article):
    start = article.text.index("9 of them")
    picked, _ = act(conversation, {"act": "pick", "turn": "0", "start": start, "words": "9 "}, shelves)
    assert "“9”" in picked.turns[0].remark
    (kept,) = shelves.first.feedback.judgements()
    assert kept.verdict is Verdict.WRONG
    assert kept.correct.span.of(article.text) == kept.correct.quote == "9"


@pytest.mark.parametrize("data", [{}, {"start": 3, "words": "not in it"}, {"start": "x", "words": 4}])
def test_without_marked_words_the_page_says_what_to_do(conversation, shelves, data):
    picked, _ = act(conversation, {"act": "pick", **data}, shelves)
    assert "Mark the right words" in picked.turns[0].remark
    assert shelves.first.feedback.judgements() == []


def test_a_verdict_that_cannot_be_kept_is_told(conversation, shelves, monkeypatch):
    def full(*_):
        raise StorageError("the disk is full")

    monkeypatch.setattr(FeedbackStore, "add", full)
    judged, _ = act(conversation, {"act": "judge", "turn": "0", "verdict": "right"}, shelves)
    assert judged.turns[0].remark == "That could not be kept: the disk is full"
    assert judged.turns[0].verdict is None


def test_where_verdicts_are_not_kept_it_is_said(shelves):
    silent = shelves.find("silent").collection
    conversation = Conversation().asked("Who?", collection="silent").answered(silent)
    judged, _ = act(conversation, {"act": "judge", "turn": "0", "verdict": "right"}, shelves)
    assert "not kept" in judged.turns[0].remark


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": None},
        {"act": "rm"},
        {"act": []},
        {"act": "judge"},
        {"act": "judge", "turn": "7", "verdict": "right"},
        {"act": "judge", "turn": "0", "verdict": "maybe"},
        {"act": "judge", "turn": "0", "verdict": {}},
        {"act": "show", "turn": "²", "exhibit": "0"},
        {"act": "show", "turn": "9" * 30, "exhibit": "0"},
        {"act": "keep", "way": "exe"},
        {"act": "keep", "way": ["json"]},
    ],
)
def test_nonsense_changes_nothing(conversation, shelves, data):
    assert act(conversation, data, shelves) == (conversation, None)


def test_a_conversation_and_the_verdicts_are_carried_away(conversation, shelves):
    _, parcel = act(conversation, {"act": "keep", "way": "markdown"}, shelves)
    assert "**31 berths**" in parcel.text
    judged, _ = act(conversation, {"act": "judge", "turn": "0", "verdict": "right"}, shelves)
    _, parcel = act(judged, {"act": "verdicts"}, shelves)
    assert json.loads(parcel.text)["answers"] == ["31 berths"]


def test_articles_are_browsed_and_closed(conversation, shelves, article):
    listed, _ = act(conversation, {"act": "browse", "collection": "silent", "offset": "0"}, shelves)
    assert listed.browsing == Browsing("silent")
    read, _ = act(listed, {"act": "browse", "collection": "?", "document": article.id}, shelves)
    assert read.browsing == Browsing("harbour", 0, article.id)
    assert act(read, {"act": "close"}, shelves)[0].browsing is None
    assert act(read, {"act": "show", "turn": "0", "exhibit": "0"}, shelves)[0].browsing is None


def test_the_list_shows_dates_and_passages_within_the_filters(shelves):
    events = Events(shelves)
    _, _, _, html = events.act({"act": "browse"}, Conversation(), 25, "", "", "")
    for words in ("1 article", "The harbour", "5 January 2022", "2 passages"):
        assert words in html
    _, _, _, html = events.act({"act": "browse"}, Conversation(), 25, "2023", "", "")
    assert "0 articles published since 1 January 2023" in html
    _, _, _, html = events.act({"act": "browse"}, Conversation(), 25, "soon", "", "")
    assert "is no date" in html
    _, _, _, html = events.act({"act": "browse", "document": "gone"}, Conversation(), 25, "", "", "")
    assert "not in the index any more" in html


def test_a_link_asks_the_same_again(shelves):
    events = Events(shelves)
    *_, (_, conversation, _, _) = events.ask("Who & what?", Conversation(), "silent", 10, "2022-03", "", "ledger")
    link = link_of(conversation.turns[0])
    assert link == "?q=Who+%26+what%3F&in=silent&error=10&since=2022-03-01&source=%2Aledger%2A"
    parameters = dict(__import__("urllib.parse").parse.parse_qsl(link[1:]))
    link = followed(parameters)
    *_, (_, again, _, _) = events.ask(link.question, Conversation(), link.collection, *link.controls)
    assert again.turns[0].terms == conversation.turns[0].terms
    assert again.turns[0].collection == "silent"
    assert followed({"q": " "}) is None
    assert followed({"q": "a", "error": "1.2.3"}).controls[0] is None


def test_controls_that_mean_nothing_are_told_where_the_answer_would_be(shelves):
    *_, (_, conversation, left, _) = Events(shelves).ask("Who?", Conversation(), None, 25, "soon", "", "")
    assert "is no date" in conversation.turns[0].problem
    assert 'role="alert"' in left
    assert not shelves.first.collection.asked


def test_a_question_beyond_all_measure_is_not_kept(shelves):
    ((_, conversation, left, _),) = Events(shelves).ask("x" * 100_000, Conversation(), None, 25, "", "", "")
    assert "100,000 characters" in conversation.turns[0].problem
    assert len(left) < 2000
    assert not shelves.first.collection.asked


def test_uploads_that_are_off_are_told(shelves):
    ((told, *_),) = Events(shelves).upload(["/tmp/x.txt"], Conversation(), "harbour")
    assert "takes no articles" in told
    told, *_ = Events(shelves).remove({"document": "x"}, Conversation())
    assert "Nothing was removed" in told
