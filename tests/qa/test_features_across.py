from datetime import date

import numpy as np
import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.entities import presence, question_names
from qa.features import FEATURES, feature_matrix
from qa.types import Evidence, SpanCandidate

NEW = (
    "recency",
    "time_agrees",
    "time_conflicts",
    "year_missing",
    "names_in_document",
    "name_missing",
    "value_agreement",
    "value_conflict",
)


def evidence(words: str, text: str, score: float = 1.0, published: date | None = None, title: str = "") -> Evidence:
    document = Document.create(source=text, text=text, title=title, published=published)
    start = text.index(words)
    passage = Passage.of(document, Span(0, min(len(text), 60)))
    return Evidence(
        SpanCandidate(Span(start, start + len(words)), score), ScoredPassage(passage, 0.5), document=document
    )


def values(name: str, question: str, *candidates: Evidence) -> list[float]:
    return list(FEATURES[name](question, candidates))


SCHOOL = evidence("921", "In 2022 the Torch Academy had 921 students.", published=date(2023, 2, 14))


def test_another_year_is_told_from_the_one_asked_for() -> None:
    wrong, right = "How many students in 2019?", "How many students in 2022?"
    assert values("time_conflicts", wrong, SCHOOL) == [1.0]
    assert values("time_agrees", wrong, SCHOOL) == [0.0]
    assert values("year_missing", wrong, SCHOOL) == [1.0]
    assert values("time_conflicts", right, SCHOOL) == [0.0]
    assert values("time_agrees", right, SCHOOL) == [1.0]
    assert values("year_missing", right, SCHOOL) == [0.0]


def test_a_name_that_the_whole_article_lacks() -> None:
    assert values("name_missing", "Who won the 2022 World Cup?", SCHOOL) == [1.0]
    assert values("name_missing", "How many students did the Torch Academy have?", SCHOOL) == [0.0]
    assert values("names_in_document", "How did the Torch Academy beat Brinecell?", SCHOOL) == [0.5]
    assert values("name_missing", "how many students?", SCHOOL) == [0.0]


def test_a_name_outside_of_the_passage_is_in_the_article_all_the_same() -> None:
    far = evidence("18 ships", "In May the harbour saw 18 ships. " + "It rained. " * 9 + "Port Ellery slept.")
    assert "Ellery" not in far.scored.passage.text
    assert values("name_missing", "How many ships came to Port Ellery?", far) == [0.0]


def test_recency_counts_only_where_the_present_is_asked_for() -> None:
    old = evidence("12", "It has 12 schools.", published=date(2020, 1, 1))
    new = evidence("15", "It has 15 schools now.", published=date(2022, 1, 1))
    assert values("recency", "How many schools does it have?", old, new) == pytest.approx([-np.log(3), 0.0], abs=0.01)
    assert values("recency", "How many schools did it have?", old, new) == [0.0, 0.0]


def test_values_agree_across_wordings_and_conflict_across_articles() -> None:
    one = evidence("14,000", "It has 14,000 firms.", 3.0)
    same = evidence("14 thousand", "There are 14 thousand firms.", 2.0)
    other = evidence("11,500", "It had 11,500 firms.", 3.0)
    assert values("value_agreement", "", one, same, other) == pytest.approx([np.log(2), np.log(2), 0.0])
    assert values("value_conflict", "", one, same, other) == pytest.approx([0.5, 1 / (1 + np.exp(-1)), 0.5])
    assert values("value_conflict", "", one, same) == [0.0, 0.0]


def test_figures_of_another_unit_do_not_conflict() -> None:
    assert values("value_conflict", "", evidence("5 km", "It is 5 km long."), evidence("7 kg", "It weighs 7 kg.")) == [
        0,
        0,
    ]


def test_without_the_article_the_passage_is_all_there_is() -> None:
    alone = Evidence(SCHOOL.candidate, SCHOOL.scored)
    assert np.isfinite(feature_matrix("How many students in 2019?", [alone], NEW)).all()
    assert values("time_conflicts", "How many students in 2019?", alone) == [1.0]
    assert values("year_missing", "How many students in 2019?", alone) == [0.0]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who won the 2022 World Cup?", ("World Cup",)),
        ("What did Halvane's chief say?", ("Halvane",)),
        ("Halvane's revenue in 2021?", ("Halvane",)),
        ("How long is Line 2?", ("Line 2",)),
        ("Is the University of Ostermere old?", ("University of Ostermere",)),
        ("Revenue of the group?", ()),
        ("how many firms", ()),
    ],
)
def test_the_names_in_a_question(question: str, names: tuple[str, ...]) -> None:
    assert question_names(question) == names


def test_presence_of_a_name() -> None:
    assert presence("World Cup", "The World Cup began.") == 1.0
    assert presence("World Cup", "A cup for the world.") == 0.5
    assert presence("World Cup", "The cup.") == 0.25
    assert presence("World Cup", "Nothing.") == 0.0
