from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.evidence import CandidateAnswer, Supported
from qa.lists.complete import complete_list
from qa.lists.enumeration import enumeration_around
from qa.lists.fitting import fitting_first
from qa.lists.wanted import items_wanted
from qa.types import Answer, Evidence, SpanCandidate, Timings

TEXT = """The four pillar clusters are electronic information, machinery and equipment, trade and logistics, and financial services. The first two make goods.

The group of six. Its members are:

- genetics and biotechnology;

- development of the deep sea, air and space;

- future networks.

It runs three plants, in Marrowick, Ostermere and Dunfell. A fourth follows.

Schneider Electric, Mechanist Games and Unisound were among their hosts.

The zone has five major industries of panel displays; computer and communication equipment; software and information services. It grows.

Its industries include new materials, new energy as well as cultural tourism and creativity. The rest is silence.
"""  # noqa: E501 - an article's paragraph is one line


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which five industries has the zone developed?", 5),
        ("What are the four pillar clusters?", 4),
        ("Who were the three winners?", 3),
        ("In which three places does Halvane run plants?", 3),
        ("Which companies hosted the students?", 0),
        ("What were the reasons for the delay?", 0),
        ("Name the plants of Halvane.", 0),
        ("Which outside firms chose the zone?", 0),
        ("Which company built it?", None),
        ("Which company sells used cars?", None),
        ("What does Kehua Data provide?", None),
        ("Which pass crosses the hills?", None),
        ("What is the population?", None),
        ("How many plants are there?", None),
    ],
)
def test_whether_several_things_are_asked_for(question: str, wanted: int | None) -> None:
    assert items_wanted(question) == wanted


@pytest.mark.parametrize(
    ("words", "items"),
    [
        (
            "machinery and equipment",
            ["electronic information", "machinery and equipment", "trade and logistics", "financial services"],
        ),
        (
            "development of the deep sea",
            ["genetics and biotechnology", "development of the deep sea, air and space", "future networks"],
        ),
        ("Ostermere", ["Marrowick", "Ostermere", "Dunfell"]),
        ("Schneider Electric", ["Schneider Electric", "Mechanist Games", "Unisound"]),
        (
            "panel displays",
            ["panel displays", "computer and communication equipment", "software and information services"],
        ),
        ("new energy", ["new materials", "new energy", "cultural tourism and creativity"]),
    ],
)
def test_the_items_around_a_span(words: str, items: list[str]) -> None:
    start = TEXT.index(words)
    found = enumeration_around(TEXT, Span(start, start + len(words)))
    assert [span.of(TEXT) for span in found] == items


def test_of_several_readings_the_one_with_as_many_items_as_wanted() -> None:
    text = "It sells salt and pepper, oil and vinegar."
    span = Span(text.index("oil"), text.index("oil") + 3)
    assert len(enumeration_around(text, span, 4)) == 4
    assert len(enumeration_around(text, span, 3)) == 3


def test_a_span_outside_of_any_enumeration_has_no_items() -> None:
    text = "The bridge opened late. Rain fell."
    assert enumeration_around(text, Span(text.index("Rain"), text.index("Rain") + 4)) == []


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="ab ,;.and\n-:", max_size=60), st.integers(0, 59), st.integers(1, 10))
def test_items_are_in_order_apart_and_inside_the_text(text: str, start: int, length: int) -> None:
    if start >= len(text):
        return
    items = enumeration_around(text, Span(start, min(len(text), start + length)))
    assert len(items) != 1
    assert all(one.end <= other.start for one, other in pairwise(items))
    assert all(0 <= item.start <= item.end <= len(text) for item in items)


def candidate(words: str, confidence: float) -> CandidateAnswer:
    start = TEXT.index(words)
    article = Document.create(source="a", text=TEXT, title="")
    passage = Passage.of(article, Span(0, len(TEXT)))
    evidence = Evidence(
        SpanCandidate(Span(start, start + len(words)), 1.0), ScoredPassage(passage, 0.5), document=article
    )
    return CandidateAnswer((Supported(evidence, confidence),), confidence)


def test_the_right_number_of_items_goes_before_a_slightly_better_span() -> None:
    one, three = candidate("A fourth", 0.5), candidate("Marrowick", 0.2)
    ranked = fitting_first("Which three plants does it run?", [one, three])
    assert [(answer.text, answer.confidence) for answer in ranked] == [("Marrowick", 0.5), ("A fourth", 0.2)]
    assert ranked[0].places[0].score == 0.5


@pytest.mark.parametrize(
    ("question", "confidence"),
    [("Which five plants does it run?", 0.2), ("Which plant does it run?", 0.2), ("Which three plants?", 0.05)],
)
def test_otherwise_the_order_stays(question: str, confidence: float) -> None:
    ranked = [candidate("A fourth", 0.5), candidate("Marrowick", confidence)]
    assert fitting_first(question, ranked) == ranked


def test_what_stands_behind_as_well_as_is_one_item() -> None:
    text = "The six are chips, gas and its storage, networks as well as deep sea, air and space development. The end."
    start = text.index("networks")
    found = enumeration_around(text, Span(start, start + len("networks")), 4)
    assert [span.of(text) for span in found] == [
        "chips",
        "gas and its storage",
        "networks",
        "deep sea, air and space development",
    ]


def test_the_last_two_items_are_parted_at_their_last_and() -> None:
    text = "They refer to the machinery cluster, trade and logistics cluster and the financial cluster. The end."
    start = text.index("trade")
    found = enumeration_around(text, Span(start, start + len("trade and logistics cluster")), 3)
    assert [span.of(text) for span in found] == [
        "machinery cluster",
        "trade and logistics cluster",
        "the financial cluster",
    ]


def test_a_short_form_is_no_second_item() -> None:
    text = "Marchetta won. Elio Marchetta was glad. Signe Hallvard won too. Ludo Aspern lost."
    candidates = [name(text, words, confidence) for words, confidence in NAMES]
    answer = Answer("?", "Marchetta", 0.6, (), (), None, Timings(0, 0, 0))
    document = candidates[0].places[0].evidence.document
    found = complete_list(answer, "Who are the two winners?", candidates, {document.id: document})
    assert [item.text for item in found.items] == ["Marchetta", "Signe Hallvard"]


NAMES = (("Marchetta", 0.6), ("Elio Marchetta", 0.2), ("Signe Hallvard", 0.1), ("Ludo Aspern", 0.05))


def name(text: str, words: str, confidence: float) -> CandidateAnswer:
    document = Document.create(source="race.txt", text=text, title="Race")
    start = text.index(words)
    passage = Passage.of(document, Span(0, len(text)))
    evidence = Evidence(
        SpanCandidate(Span(start, start + len(words)), 2.0), ScoredPassage(passage, 0.5), document=document
    )
    return CandidateAnswer((Supported(evidence, confidence),), confidence)
