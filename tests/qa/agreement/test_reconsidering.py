from datetime import date

import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.abilities import ALL, Ability
from qa.agreement.family import family_of
from qa.agreement.kind_asked import possible_first
from qa.agreement.newest import newest_first
from qa.agreement.together import values_together
from qa.evidence import CandidateAnswer, Supported
from qa.reconsidering import reconsidered
from qa.types import Evidence, SpanCandidate

GROWTH = (
    "The use of foreign capital reached 3.3 billion yuan, up 11.4 percent. The zone drew projects worth 1 billion. "
    "In all 1,587 projects came in 2021. It has 60 tonnes of ice."
)


def candidate(words: str, confidence: float, text: str = GROWTH, published: date | None = None) -> CandidateAnswer:
    document = Document.create(source=text, text=text, title="Zone", published=published)
    start = text.index(words)
    passage = Passage.of(document, Span(0, len(text)))
    evidence = Evidence(
        SpanCandidate(Span(start, start + len(words)), 5.0), ScoredPassage(passage, 0.5), document=document
    )
    return CandidateAnswer((Supported(evidence, confidence),), confidence)


def said(candidates: list[CandidateAnswer]) -> list[tuple[str, float]]:
    return [(one.text, round(one.confidence, 3)) for one in candidates]


MONEY = candidate("3.3 billion yuan", 0.6)
CHANGE, COUNT = candidate("11.4 percent", 0.2), candidate("1,587", 0.1)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many projects came?", ("11.4 percent", 0.5)),
        ("How many yuan were used?", ("3.3 billion yuan", 0.6)),
        ("By how much did the use of foreign capital grow?", ("11.4 percent", 0.667)),
        ("What share of it is foreign?", ("11.4 percent", 0.5)),
        ("How much foreign capital was used?", ("3.3 billion yuan", 0.6)),
        ("When did it rise?", ("1,587", 0.5)),
    ],
)
def test_what_cannot_be_meant_is_put_behind(question: str, first: tuple[str, float]) -> None:
    found = possible_first(question, [MONEY, CHANGE, COUNT])
    assert said(found)[0] == first
    assert sum(one.confidence for one in found) <= 1


def test_a_measure_is_no_count_of_other_things() -> None:
    ice = candidate("60 tonnes", 0.5)
    assert said(possible_first("How many projects came?", [ice, COUNT])) == [("1,587", 0.2), ("60 tonnes", 0.0)]
    assert possible_first("How many tonnes of ice are there?", [ice, COUNT]) == [ice, COUNT]
    assert said(possible_first("How many projects?", [ice])) == [("60 tonnes", 0.0)]


def test_a_value_in_several_wordings_is_one_answer() -> None:
    text = "Maren Oske leads it. Ms Oske was tired. Tom Vane left."
    short, full, other = (
        candidate(name, at, text) for name, at in (("Oske", 0.4), ("Maren Oske", 0.3), ("Tom Vane", 0.1))
    )
    found = values_together([short, full, other])
    assert said(found) == [("Oske", 0.7), ("Tom Vane", 0.1)]
    assert [place.evidence.text for place in found[0].places] == ["Oske", "Maren Oske"]


def test_texts_are_never_one_value() -> None:
    text = "It was late because workers met graves."
    parts = [candidate("workers met graves", 0.4, text), candidate("met graves", 0.3, text)]
    assert values_together(parts) == parts


def test_phrases_of_one_explanation_are_one_answer() -> None:
    text = "The zoo was founded by a rider who needed a home for his elephants. It has 40 birds."
    parts = [
        candidate("needed a home for his elephants", 0.45, text),
        candidate("a rider", 0.2, text),
        candidate("40 birds", 0.1, text),
    ]
    found = reconsidered("Why was the zoo founded?", parts, {Ability.LONG})
    assert said(found) == [("needed a home for his elephants", 0.65), ("40 birds", 0.1)]
    assert reconsidered("Who founded the zoo?", parts, {Ability.LONG}) == parts
    assert reconsidered("Why was the zoo founded?", parts, ALL - {Ability.LONG}) == parts


def test_the_newest_is_surer_when_the_older_ones_do_not_count() -> None:
    new = candidate("40 turbines", 0.5, "The farm now has 40 turbines.", date(2024, 1, 1))
    old = candidate("48 turbines", 0.4, "The farm has 48 turbines.", date(2020, 1, 1))
    found = newest_first("How many turbines does the farm have?", [new, old])
    assert said(found)[0] == ("40 turbines", 0.833)
    assert newest_first("How many turbines did the farm have?", [new, old]) == [new, old]


def test_a_bare_number_has_the_unit_behind_it_and_nouns_stand_for_one_another() -> None:
    bare = candidate("19,800", 0.6, "Boats landed 19,800 tonnes of fish.", date(2023, 1, 1))
    whole = candidate("17,100 tonnes", 0.1, "Boats landed 17,100 tonnes of fish.", date(2021, 1, 1))
    assert len(family_of("How many tonnes of fish were landed?", [bare, whole])) == 2
    staff = candidate("300,000", 0.3, "It hired 300,000 employees.", date(2022, 1, 1))
    people = candidate("5,000", 0.5, "It has 5,000 people.", date(2023, 1, 1))
    ships = candidate("700", 0.2, "It has 700 ships.", date(2021, 1, 1))
    found = family_of("How many people work there?", [people, staff, ships])
    assert [one.place.evidence.text for one in found] == ["5,000", "300,000"]


def test_a_second_figure_of_an_article_needs_a_date_of_its_own() -> None:
    text = "The zone has 14,000 firms. A giant registered four firms. In 2019 it had 9,000 firms."
    found = family_of(
        "How many firms does the zone have?",
        [
            candidate(words, at, text, date(2022, 1, 1))
            for words, at in (("14,000", 0.6), ("four", 0.2), ("9,000", 0.1))
        ],
    )
    assert [one.place.evidence.text for one in found] == ["14,000", "9,000"]
