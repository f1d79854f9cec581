import math

import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.evidence import gather
from qa.features import FEATURES, content_stems, feature_matrix
from qa.types import Evidence, Reading, SpanCandidate


def evidence(
    quote: str,
    score: float = 1.0,
    *,
    text: str = "The zone was created in 1991. Over 14,000 firms work there.",
    source: str = "a",
    context: str = "",
    fused: float = 0.5,
    dense: float | None = None,
    lexical: float | None = None,
    relevance: float | None = None,
) -> Evidence:
    document = Document.create(source=source, text=text, title="")
    passage = Passage.of(document, Span(0, len(text)), context)
    start = text.index(quote)
    return Evidence(
        SpanCandidate(Span(start, start + len(quote)), score), ScoredPassage(passage, fused, dense, lexical), relevance
    )


def values(name: str, question: str, *candidates: Evidence) -> list[float]:
    return list(FEATURES[name](question, candidates))


def test_lead_is_over_the_best_of_a_different_answer() -> None:
    same = evidence("1991", 3.0, source="b")
    assert values("lead", "", evidence("1991", 5.0), same, evidence("14,000", 2.0)) == [3.0, 1.0, -3.0]
    assert values("lead", "", evidence("1991", 5.0)) == [0.0]


def test_a_passage_the_dense_search_missed_counts_as_its_least() -> None:
    found = evidence("1991", dense=0.6), evidence("1991", dense=0.4, source="b"), evidence("1991", source="c")
    assert values("dense", "", *found) == [0.6, 0.4, 0.4]
    assert values("dense_gap", "", *found) == pytest.approx([0.0, -0.2, -0.2])
    assert values("dense", "", evidence("1991")) == [0.0]


def test_lexical_share_is_of_the_best_read() -> None:
    assert values(
        "lexical_share", "", evidence("1991", lexical=8.0), evidence("zone", lexical=2.0), evidence("in")
    ) == [
        1.0,
        0.25,
        0.0,
    ]
    assert values("lexical_share", "", evidence("1991")) == [0.0]


def test_coverage_counts_content_words_in_passage_and_context() -> None:
    question = "When was the harbour zone created?"
    assert values("coverage", question, evidence("1991")) == pytest.approx([2 / 3])
    assert values("coverage", question, evidence("1991", context="Harbours of the north")) == [1.0]
    assert values("coverage", "What is it?", evidence("1991")) == [1.0]


def test_names_found_looks_at_capitals_and_digits_but_not_the_first_word() -> None:
    question = "Did Geovis join the Zone in 1991?"
    assert values("names_found", question, evidence("1991")) == pytest.approx([2 / 3])


def test_agreement_counts_passages_not_repetitions() -> None:
    twice = "In 1991 and 1991 again."
    one, other = evidence("1991", text=twice, source="b"), evidence("1991", source="a")
    repeated = Evidence(SpanCandidate(Span(12, 16), 0.5), one.scored)
    assert values("agreement", "", one, repeated, other, evidence("zone")) == pytest.approx([math.log(2)] * 3 + [0.0])


def test_echo_is_the_share_of_the_answer_that_was_asked() -> None:
    assert values(
        "echo", "Who created the zone?", evidence("zone"), evidence("zone was created in 1991")
    ) == pytest.approx([1.0, 2 / 3])


@pytest.mark.parametrize(
    ("question", "expected"),
    [("When was it created?", [1.0, -1.0]), ("how many firms?", [1.0, -1.0]), ("Who created it?", [0.0, 0.0])],
)
def test_number_fits(question: str, expected: list[float]) -> None:
    assert values("number_fits", question, evidence("1991"), evidence("zone")) == expected


def test_the_matrix_has_a_row_a_candidate_and_a_column_a_name() -> None:
    found = [evidence("1991", 2.0, relevance=1.5), evidence("zone", 1.0)]
    assert feature_matrix("When?", found, ["margin", "relevance", "words"]).tolist() == [
        [2.0, 1.5, 0.0],
        [1.0, 0.0, 0.0],
    ]
    assert feature_matrix("When?", [], ["margin", "words"]).shape == (0, 2)
    assert feature_matrix("When?", found, list(FEATURES)).shape == (2, len(FEATURES))


def test_content_stems_drop_question_words_and_join_forms() -> None:
    assert content_stems("Which companies were Founded by the founders?") == {"compan", "founde"}


def test_gather_keeps_the_best_of_overlapping_candidates_of_a_document() -> None:
    document = Document.create(source="a", text="more than 14,000 companies", title="")
    passages = [Passage.of(document, Span(0, 16)), Passage.of(document, Span(10, 26))]
    readings = [
        Reading(passages[0], (SpanCandidate(Span(10, 16), 2.0), SpanCandidate(Span(0, 4), 0.5)), relevance=0.1),
        Reading(passages[1], (SpanCandidate(Span(10, 26), 3.0),), relevance=0.2),
    ]
    found = gather([ScoredPassage(passage, 0.5) for passage in passages], readings)
    assert [one.text for one in found] == ["14,000 companies", "more"]
    assert [one.relevance for one in found] == [0.2, 0.1]


def test_gather_keeps_equal_spans_of_different_documents() -> None:
    pair = [evidence("1991", source=source) for source in "ab"]
    readings = [Reading(one.scored.passage, (one.candidate,)) for one in pair]
    assert len(gather([one.scored for one in pair], readings)) == 2
