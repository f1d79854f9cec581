"""Example questions come from the articles, are sentences, and are only shown when the articles answer them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.types import Document
from qa.exhibits import exhibits_of
from qa.page.examples import answered_examples, candidate_questions
from qa.page.turns import article_of


def document(text: str, name: str = "a") -> Document:
    return Document.create(source=f"/{name}.txt", text=text, title=name)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Port Ellery has 31 fishing boats.", "How many fishing boats does Port Ellery have?"),
        ("It rained. The Old Mill now has about two wheels.", "How many wheels does the Old Mill have?"),
        ("Rosa Lindqvist, the harbour director, spoke.", "Who is Rosa Lindqvist?"),
        ("Idris Cole, who runs it, spoke.", "Who is Idris Cole?"),
        ("The Bank of Ellery (BE) was founded in 1904.", "When was the Bank of Ellery founded?"),
        ("A single ticket costs £2.", "How much does a single ticket cost?"),
    ],
)
def test_a_sentence_gives_its_question(text, question):
    assert list(candidate_questions([document(text)])) == [question]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It has 64 works.",
        "They were founded in 1904.",
        "Mr Solenby, the director, left.",
        "a b c",
        "The line has stops.",
    ],
)
def test_a_sentence_that_names_nothing_gives_none(text):
    assert list(candidate_questions([document(text)])) == []


def test_kinds_take_turns_and_nothing_comes_twice():
    first = document(
        "Ana Ruiz, who sings, came. Bo Berg, who plays, came. Ellery has 3 schools. Ana Ruiz, who left.", "a"
    )
    second = document("Ellery has 3 schools. Ulm was founded in 854.", "b")
    assert list(candidate_questions([first, second])) == [
        "How many schools does Ellery have?",
        "Who is Ana Ruiz?",
        "When was Ulm founded?",
        "Who is Bo Berg?",
    ]


def test_only_what_the_collection_answers_is_shown(answer, abstention):
    class Asked:
        def ask(self, question):
            return replace(abstention if "Ulm" in question else answer, question=question)

        def document(self, document_id):
            raise KeyError(document_id)

    documents = [document("Ulm was founded in 854."), document("Ana Ruiz, who sings, came.")]
    assert answered_examples(documents, Asked()) == ("Who is Ana Ruiz?",)


def test_an_article_that_is_gone_or_changed_is_not_opened(answer, article):
    class Library:
        def __init__(self, *documents):
            self._documents = {one.id: one for one in documents}

        def ask(self, question):
            return answer

        def document(self, document_id):
            return self._documents[document_id]

    exhibit = exhibits_of(answer, Library(article).document)[0]
    changed = Document.create(source=article.source, text="Another text.", title=article.title)
    assert article_of(exhibit, Library(article)) == article
    assert article_of(exhibit, Library(changed)) is None
    assert article_of(exhibit, Library()) is None
