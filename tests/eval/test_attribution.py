from __future__ import annotations

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.attribution import ErrorClass, Facts, count_classes, error_class

RIGHT = Facts(
    answerable=True,
    abstained=False,
    best_right=True,
    article_right=True,
    indexed=True,
    retrieved=True,
    read=True,
    right_elsewhere=False,
)
WRONG = replace(RIGHT, best_right=False)

facts = st.builds(Facts, **{field.name: st.booleans() for field in fields(Facts)})


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (RIGHT, None),
        (replace(RIGHT, abstained=True), ErrorClass.RIGHT_BUT_ABSTAINED),
        (replace(RIGHT, article_right=False), ErrorClass.WRONG_PASSAGE),
        (replace(RIGHT, read=False, retrieved=False), None),  # right words from another passage are right
        (replace(WRONG, indexed=False, retrieved=False, read=False), ErrorClass.NOT_IN_INDEX),
        (replace(WRONG, retrieved=False, read=False), ErrorClass.NOT_RETRIEVED),
        (replace(WRONG, read=False), ErrorClass.BELOW_READ_DEPTH),
        (WRONG, ErrorClass.WRONG_SPAN),
        (replace(WRONG, abstained=True), ErrorClass.WRONG_SPAN),
        (replace(WRONG, right_elsewhere=True), ErrorClass.WRONG_PASSAGE),
        (replace(WRONG, answerable=False), ErrorClass.ANSWERED_UNANSWERABLE),
        (replace(WRONG, answerable=False, abstained=True), None),
    ],
)
def test_classes(case, expected):
    assert error_class(case) is expected


def _wrong(case: Facts) -> bool:
    if not case.answerable:
        return not case.abstained
    return case.abstained or not (case.best_right and case.article_right)


def test_exactly_the_wrong_questions_have_a_class():
    for values in product([False, True], repeat=len(fields(Facts))):
        case = Facts(*values)
        assert (error_class(case) is not None) == _wrong(case)


@given(st.lists(facts))
def test_the_classes_are_a_partition_of_the_wrong_questions(cases):
    classes = [error_class(case) for case in cases]
    counts = count_classes(error for error in classes if error is not None)
    wrong = sum(map(_wrong, cases))
    assert list(counts) == list(ErrorClass)
    assert sum(counts.values()) == wrong
    if wrong:
        assert sum(100 * count / wrong for count in counts.values()) == pytest.approx(100)
