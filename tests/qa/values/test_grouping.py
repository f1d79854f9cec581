from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.values.grouping import group_values
from qa.values.reading import read_value

WORDINGS = [
    "14,000",
    "more than 14,000 companies",
    "14 thousand",
    "11,500",
    "26.56 billion",
    "26.56 billion yuan",
    "26.56 percent",
    "1991",
    "May 1991",
    "3 May 1991",
    "Tarrant",
    "I. Tarrant",
    "Imogen Tarrant",
    "Ann Smith",
    "John Smith",
    "Smith",
    "because a valve stuck",
    "Because a valve stuck.",
]


def grouped(*texts: str) -> list[list[str]]:
    return [[texts[place] for place in group] for group in group_values([read_value(text) for text in texts])]


def test_equal_figures_however_worded_are_one_value() -> None:
    assert grouped("14,000", "11,500", "more than 14,000 companies", "14 thousand") == [
        ["14,000", "more than 14,000 companies", "14 thousand"],
        ["11,500"],
    ]


def test_close_figures_stay_apart() -> None:
    assert len(grouped("14,000", "14,001", "about 13,900")) == 3


def test_a_figure_without_unit_joins_the_one_that_has_it() -> None:
    assert grouped("26.56 billion", "26.56 billion yuan") == [["26.56 billion", "26.56 billion yuan"]]
    assert len(grouped("26.56 billion", "26.56 billion yuan", "$26.56 billion")) == 3


def test_dates_of_different_fineness_are_one_where_only_one_fits() -> None:
    assert grouped("1991", "3 May 1991", "1992") == [["1991", "3 May 1991"], ["1992"]]
    assert len(grouped("1991", "3 May 1991", "4 June 1991")) == 3


def test_a_last_name_is_whose_it_can_only_be() -> None:
    assert grouped("Tarrant", "I. Tarrant", "Imogen Tarrant") == [["Tarrant", "I. Tarrant", "Imogen Tarrant"]]
    assert len(grouped("Smith", "Ann Smith", "John Smith")) == 3


def test_a_weekday_is_the_day_its_article_means() -> None:
    saturday = read_value("on Saturday", published=date(2023, 10, 2))
    assert len(group_values([saturday, read_value("September 30, 2023")])) == 1


@settings(deadline=None, max_examples=50)
@given(st.permutations(WORDINGS))
def test_groups_part_all_values_and_do_not_depend_on_the_order(texts: list[str]) -> None:
    groups = grouped(*texts)
    assert sorted(text for group in groups for text in group) == sorted(WORDINGS)
    assert {frozenset(group) for group in groups} == {frozenset(group) for group in grouped(*WORDINGS)}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_texts_can_be_grouped(texts: list[str]) -> None:
    places = [place for group in group_values([read_value(text) for text in texts]) for place in group]
    assert sorted(places) == list(range(len(texts)))
