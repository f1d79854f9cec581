from datetime import date

import pytest

from corpus.types import Document, Passage, Span
from index.types import ScoredPassage
from qa.evidence import CandidateAnswer, Supported
from qa.periods.types import Period
from qa.timing.asked_for import time_asked_first
from qa.timing.fit import fit_of, year_missing, years_behind
from qa.timing.nearness import time_of
from qa.timing.scope import Tense, scope_of
from qa.types import Evidence, SpanCandidate

RESULTS = (
    "Revenue rose to £486.2 million, from £432.6 million in 2021. In 2022 the group made £36.8 million.\n\n"
    "The median wait was 47 minutes in 2023. A year before it had been 63 minutes. "
    "Since its creation in 1991, the zone has drawn 14,000 firms. It handled 18 ships last year."
)


def evidence(
    words: str, text: str = RESULTS, published: date | None = date(2023, 2, 23), context: str = ""
) -> Evidence:
    document = Document.create(source=text, text=text, title="Results", published=published)
    start = text.index(words)
    passage = Passage.of(document, Span(0, len(text)), context)
    return Evidence(SpanCandidate(Span(start, start + len(words)), 1.0), ScoredPassage(passage, 0.5), document=document)


@pytest.mark.parametrize(
    ("question", "tense"),
    [
        ("How many students in 2019?", Tense.NAMED),
        ("Who won the 2022 World Cup?", Tense.NAMED),
        ("What is to be reached by 2027?", Tense.NAMED),
        ("How many ships came last year?", Tense.RELATIVE),
        ("How many companies does the zone have?", Tense.PRESENT),
        ("What is the latest figure?", Tense.PRESENT),
        ("When was the zone founded?", Tense.OPEN),
        ("In which year did it open?", Tense.OPEN),
        ("How many people died?", Tense.OPEN),
    ],
)
def test_the_time_that_a_question_asks_for(question: str, tense: Tense) -> None:
    assert scope_of(question).tense is tense


def test_last_year_is_counted_from_the_article() -> None:
    scope = scope_of("How many ships came last year?")
    assert [period.year for period in scope.periods(date(2023, 2, 1))] == [2022]
    assert scope.periods(None) == ()


def test_since_and_before_reach_further() -> None:
    (since,) = scope_of("What has been built since 2018?").periods(None)
    assert (since.first.year, since.last.year) == (2018, 9999)
    (before,) = scope_of("Who led it before 2018?").periods(None)
    assert (before.first.year, before.last.year) == (1, 2018)


@pytest.mark.parametrize(
    ("words", "own"),
    [
        ("£486.2 million", []),
        ("£432.6 million", ["2021"]),
        ("£36.8 million", ["2022"]),
        ("47 minutes", ["2023"]),
        ("14,000", []),
        ("18 ships", ["2022"]),
    ],
)
def test_the_period_that_a_sentence_gives_a_figure(words: str, own: list[str]) -> None:
    assert [period.label() for period in time_of(evidence(words)).own] == own


def test_without_a_period_in_the_sentence_those_before_it_and_the_heading_count() -> None:
    time = time_of(evidence("63 minutes", context="Results of 2024"))
    assert [period.label() for period in time.around][:1] == ["2023"]
    assert time.around[-1].label() == "2024"


@pytest.mark.parametrize(
    ("question", "words", "fit"),
    [
        ("What was the revenue in 2021?", "£432.6 million", 1.0),
        ("What was the revenue in 2019?", "£432.6 million", -1.0),
        ("What was the wait in 2023?", "63 minutes", 0.5),
        ("What was the wait in 2020?", "63 minutes", -0.5),
        ("How many ships came last year?", "18 ships", 1.0),
        ("How many ships came?", "18 ships", 0.0),
    ],
)
def test_whether_a_figure_is_of_the_time_asked_for(question: str, words: str, fit: float) -> None:
    assert fit_of(scope_of(question), evidence(words)) == fit


def test_the_day_of_the_article_is_the_last_resort() -> None:
    text = "The zone has 12 schools."
    for year, fit in ((2023, 0.25), (2022, 0.25), (2019, -0.5), (2024, -0.5)):
        scope = scope_of(f"How many schools were there in {year}?")
        assert fit_of(scope, evidence("12", text)) == fit
    assert fit_of(scope_of("How many schools in 2019?"), evidence("12", text, published=None)) == 0.0


def test_another_year_beside_a_name_says_less_than_beside_a_figure() -> None:
    text = "Ann Smith (born in 1938) was president."
    assert fit_of(scope_of("Who was president in 2002?"), evidence("Ann Smith", text)) == -0.5
    assert fit_of(scope_of("Who was born in 1938?"), evidence("Ann Smith", text)) == 1.0


def answer(evidence: Evidence, confidence: float) -> CandidateAnswer:
    return CandidateAnswer((Supported(evidence, confidence),), confidence)


def test_the_figure_of_the_year_asked_for_goes_first() -> None:
    wrong, right = answer(evidence("£36.8 million"), 0.6), answer(evidence("£432.6 million"), 0.2)
    other = answer(evidence("63 minutes"), 0.1)
    ranked = time_asked_first("What was the revenue in 2021?", [wrong, right, other])
    assert [one.text for one in ranked] == ["£432.6 million", "63 minutes", "£36.8 million"]
    assert ranked[0].confidence == pytest.approx(0.2 / 0.4)
    assert ranked[0].places[0].score == ranked[0].confidence
    assert sum(one.confidence for one in ranked) <= 1


@pytest.mark.parametrize("question", ["What was the revenue?", "And in 2022?"])
def test_where_no_figure_of_the_year_is_there_or_the_best_one_is_nothing_moves(question: str) -> None:
    ranked = [answer(evidence("£36.8 million"), 0.6), answer(evidence("£432.6 million"), 0.2)]
    assert time_asked_first(question, ranked) == ranked


def test_a_figure_of_another_year_alone_is_no_answer() -> None:
    ranked = [answer(evidence("£36.8 million"), 0.6), answer(evidence("63 minutes"), 0.2)]
    found = time_asked_first("What was the revenue in 2010?", ranked)
    assert [one.text for one in found] == ["63 minutes", "£36.8 million"]
    assert [one.confidence for one in found] == pytest.approx([0.5, 0.0])


def test_a_figure_near_the_year_asked_for_goes_before_one_said_of_another() -> None:
    then = evidence("31 berths", "The harbour grew in 2018. It has 31 berths.", date(2019, 2, 1))
    later = evidence("36 berths", "Boats came in 2022. It has 36 berths.", date(2023, 3, 1))
    ranked = time_asked_first("How many berths were there in 2019?", [answer(later, 0.5), answer(then, 0.3)])
    assert [one.text for one in ranked] == ["31 berths", "36 berths"]
    assert (
        time_asked_first("How many berths were there in 2019?", [answer(later, 0.5), answer(then, 0.05)])[0].text
        == "36 berths"
    )


def test_the_present_tense_is_of_the_day_of_the_article() -> None:
    text = "The ship was lost in December 2020. The firm now employs 1,420 people."
    assert time_of(evidence("1,420", text, date(2024, 11, 6))).best == Period.of_years(2024)
    assert time_of(evidence("1,420", text.replace("now employs", "had"), date(2024, 11, 6))).best == Period.of_months(
        2020, 12
    )


def test_months_without_a_year_are_the_last_ones_and_hold_for_the_next_sentences() -> None:
    text = "From January to November, 1,587 projects came. Foreign capital reached 3.3 billion yuan."
    assert time_of(evidence("3.3 billion yuan", text, date(2022, 1, 5))).best == Period.of_months(2021, 1, 11)
    assert time_of(evidence("3.3 billion yuan", text, date(2022, 12, 5))).best == Period.of_months(2022, 1, 11)


def test_a_beginning_dates_nothing_that_follows() -> None:
    text = "It was founded in 1962. There were 12 ships."
    assert time_of(evidence("12 ships", text, date(2023, 2, 1))).best == Period.of_years(2023)


def test_a_year_that_the_article_never_names() -> None:
    assert year_missing(scope_of("How many students in 2019?"), evidence("18 ships"))
    assert not year_missing(scope_of("How many students in 2021?"), evidence("18 ships"))
    assert not year_missing(scope_of("How many students in 2023?"), evidence("18 ships"))
    assert not year_missing(scope_of("How many students?"), evidence("18 ships"))


def test_years_behind_the_newest() -> None:
    old, new, undated = (evidence("18 ships", published=day) for day in (date(2020, 1, 1), date(2022, 1, 1), None))
    assert years_behind([old, new, undated]) == pytest.approx([2.0, 0.0, 0.0], abs=0.01)
    assert years_behind([undated]) == [0.0]
