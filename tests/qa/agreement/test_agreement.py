from datetime import date

import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.agreement.family import family_of
from qa.agreement.newest import newest_first
from qa.agreement.view import agreement_view, timeline_of
from qa.evidence import CandidateAnswer, Supported
from qa.types import Evidence, SpanCandidate

QUESTION = "How many firms does the zone have?"


def candidate(words: str, text: str, confidence: float, published: date | None, score: float = 2.0) -> CandidateAnswer:
    document = Document.create(source=text, text=text, title="Zone", published=published)
    start = text.index(words)
    evidence = Evidence(
        SpanCandidate(Span(start, start + len(words)), score),
        ScoredPassage(Passage.of(document, Span(0, len(text))), 0.5),
        document=document,
    )
    return CandidateAnswer((Supported(evidence, confidence),), confidence)


def documents(candidates: list[CandidateAnswer]) -> dict[str, Document]:
    return {one.places[0].evidence.document.id: one.places[0].evidence.document for one in candidates}


OLD = candidate("11,500", "The zone has 11,500 firms.", 0.5, date(2020, 3, 1))
NEW = candidate("14,000", "The zone now has over 14,000 firms.", 0.3, date(2022, 1, 5))
SAME = candidate("14 thousand", "Some 14 thousand firms work in the zone.", 0.1, date(2022, 6, 8))
STAFF = candidate("300,000", "The zone has 300,000 staff.", 0.09, date(2022, 6, 9))
WEAK = candidate("9,000", "The zone has 9,000 firms.", 0.2, date(2021, 1, 1), score=-1.0)


def test_the_family_counts_the_same_thing_and_is_plain_enough() -> None:
    found = family_of(QUESTION, [OLD, NEW, WEAK, SAME, STAFF])
    assert [one.place.evidence.text for one in found] == ["11,500", "14,000", "14 thousand"]
    assert family_of(QUESTION, []) == []


def test_a_figure_of_another_year_is_no_answer_to_a_question_that_names_one() -> None:
    found = family_of("How many firms did the zone have in 2020?", [OLD, NEW])
    assert [one.place.evidence.text for one in found] == ["11,500"]


def test_the_view_groups_by_value_and_shows_every_wording() -> None:
    candidates = [OLD, NEW, SAME]
    view = agreement_view(family_of(QUESTION, candidates), documents(candidates), newest=False)
    assert [(group.value, group.articles, group.years) for group in view] == [
        ("11,500", 1, (2020,)),
        ("14,000", 2, (2022,)),
    ]
    assert [wording.text for wording in view[1].wordings] == ["over 14,000 firms", "Some 14 thousand firms"]
    assert view[1].confidence == 0.3


def test_the_newest_value_leads_where_the_present_is_asked_for() -> None:
    candidates = [OLD, NEW]
    view = agreement_view(family_of(QUESTION, candidates), documents(candidates), newest=True)
    assert [group.value for group in view] == ["14,000", "11,500"]


def test_one_article_with_one_value_has_no_view() -> None:
    assert agreement_view(family_of(QUESTION, [OLD]), documents([OLD]), newest=False) == ()


def test_two_articles_that_agree_have_one() -> None:
    (group,) = agreement_view(family_of(QUESTION, [NEW, SAME]), documents([NEW, SAME]), newest=False)
    assert group.articles == 2


def test_the_newest_answer_comes_first_with_the_confidence_of_its_own() -> None:
    ranked = newest_first(QUESTION, [OLD, NEW])
    assert [one.text for one in ranked] == ["14,000", "11,500"]
    assert ranked[0].confidence == pytest.approx(0.3 / 0.5)
    assert ranked[0].places[0].score == ranked[0].confidence
    assert sum(one.confidence for one in ranked) <= 1


@pytest.mark.parametrize("question", ["How many firms did the zone have?", "How many firms did it have in 2020?"])
def test_the_past_is_left_to_the_reader(question: str) -> None:
    assert newest_first(question, [OLD, NEW]) == [OLD, NEW]


def test_a_figure_of_before_the_best_article_is_not_newer_for_standing_in_a_later_one() -> None:
    late = candidate("4,116", "From January to November 2019 the zone gained 4,116 firms.", 0.3, date(2023, 6, 8))
    assert newest_first(QUESTION, [OLD, late]) == [OLD, late]


def test_a_plan_is_not_the_present() -> None:
    plan = candidate("20,000", "By 2027 the zone is to have 20,000 firms.", 0.3, date(2022, 1, 5))
    assert newest_first(QUESTION, [OLD, plan]) == [OLD, plan]


def test_a_timeline_needs_three_years() -> None:
    middle = candidate("12,800", "In 2021 the zone had 12,800 firms.", 0.2, date(2021, 12, 1))
    three = [OLD, NEW, middle]
    points = timeline_of(family_of(QUESTION, three), documents(three))
    assert [(point.year, point.amount) for point in points] == [(2020, 11500.0), (2021, 12800.0), (2022, 14000.0)]
    assert timeline_of(family_of(QUESTION, [OLD, NEW]), documents([OLD, NEW])) == ()
