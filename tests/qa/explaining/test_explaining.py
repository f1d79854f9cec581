import pytest

from corpus.types import Span
from qa.explaining.sentences import explaining_span
from qa.explaining.wanted import asks_to_explain
from qa.sentences import sentence_of, sentence_spans

TEXT = (
    "Mr. Smith paid $5. The line was due in July. It was late because workers met a cemetery. Trams run now.\n\n"
    "Piping means that water carries soil away. This forms a tunnel. The dam broke."
)


@pytest.mark.parametrize(
    "question",
    ["Why was it late?", "How does it work?", "What is piping?", "What does MICE stand for?", "What caused the delay?"],
)
def test_questions_for_an_explanation(question: str) -> None:
    assert asks_to_explain(question)


@pytest.mark.parametrize(
    "question", ["How many?", "How long is it?", "How old is she?", "What is the population of Hefei?", "Who won?"]
)
def test_questions_for_a_fact(question: str) -> None:
    assert not asks_to_explain(question)


def test_sentences_end_neither_at_titles_nor_at_amounts() -> None:
    assert [span.of(TEXT) for span in sentence_spans(TEXT)][:2] == ["Mr. Smith paid $5.", "The line was due in July."]
    assert sentence_of(TEXT, Span(TEXT.index("July"), TEXT.index("July") + 4)).of(TEXT) == "The line was due in July."


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("workers met a cemetery", "The line was due in July. It was late because workers met a cemetery."),
        ("water carries soil away", "Piping means that water carries soil away. This forms a tunnel."),
        ("The dam broke", "The dam broke."),
    ],
)
def test_the_sentence_or_two_that_can_be_read_alone(words: str, whole: str) -> None:
    start = TEXT.index(words)
    assert explaining_span(TEXT, Span(start, start + len(words))).of(TEXT) == whole
