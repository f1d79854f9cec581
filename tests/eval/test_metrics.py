"""EM and F1 against hand arithmetic: every expected value below was worked out on paper from the official rules."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import exact_match, holds_answer, is_right, normalise, official_scores, token_f1
from eval.types import SquadRules

# prediction, golds, EM, F1 (2.0 rules)
AWKWARD = [
    ("the cat", ["cat"], 1, 1),
    ("The Cat.", ["a cat"], 1, 1),
    ("CAT", ["cat"], 1, 1),
    ("cat", ["cats"], 0, 0),
    ("  cat \n", ["cat"], 1, 1),
    ("cat\u00a0dog", ["cat dog"], 1, 1),  # str.split() splits at a no-break space
    ("cat\u200bdog", ["cat dog"], 0, 0),  # ... but not at a zero-width one
    ("U.S.", ["US"], 1, 1),
    ("U. S.", ["US"], 0, 0),
    ("well-known", ["wellknown"], 1, 1),  # the hyphen is deleted, not turned into a blank
    ("well-known", ["well known"], 0, 0),
    ("well–known", ["wellknown"], 0, 0),  # an en dash is not ASCII punctuation
    ("$5,000", ["5000"], 1, 1),
    ("5,000.50", ["500050"], 1, 1),
    ("€5", ["5"], 0, 0),
    ("50%", ["50"], 1, 1),
    ("50 percent", ["50%"], 0, Fraction(2, 3)),
    ("14,000 firms", ["over 14,000 firms"], 0, Fraction(4, 5)),
    ("over 14,000 firms", ["14,000"], 0, Fraction(1, 2)),
    ("anthem", ["them"], 0, 0),  # "an" goes only as a whole word
    ("theatre", ["atre"], 0, 0),
    ("a", ["the"], 1, 1),  # both normalise to nothing; the gold is left out, only nothing is right
    ("a", ["an apple"], 0, 0),
    ("", ["apple"], 0, 0),
    ("...", ["apple"], 0, 0),
    ("", [], 1, 1),
    ("the", [], 1, 1),
    ("...", [], 1, 1),
    ("apple", [], 0, 0),
    ("apple", ["..."], 0, 0),
    ("", ["...", "apple"], 0, 0),  # the empty gold is left out beside a real one
    ("apple", ["...", "apple"], 1, 1),
    ("The The", ["the"], 1, 1),
    ("the the band", ["The Band"], 1, 1),
    ("new york new york", ["new york"], 0, Fraction(2, 3)),  # 2 shared of 4 and of 2
    ("new york", ["new york new york"], 0, Fraction(2, 3)),
    ("york new", ["new york"], 0, 1),  # F1 does not see order
    ("a b c", ["b c d"], 0, Fraction(4, 5)),  # the article goes: [b c] against [b c d]
    ("b c d", ["c d e"], 0, Fraction(2, 3)),
    ("one two three four", ["five", "three"], 0, Fraction(2, 5)),
    ("in 1904", ["1904"], 0, Fraction(2, 3)),
    ("1904", ["1904", "in 1904"], 1, 1),
    ("January 5, 2022", ["5 January 2022"], 0, 1),
    ("Dr. Ana Ruiz", ["Ana Ruiz"], 0, Fraction(4, 5)),
    ("Ana Ruiz's", ["Ana Ruiz"], 0, Fraction(1, 2)),  # "ruizs"
    ("Ana Ruiz’s", ["Ana Ruizs"], 0, Fraction(1, 2)),  # a typographic apostrophe stays
    ("café", ["cafe"], 0, 0),
    ("CAFÉ", ["café"], 1, 1),
    ("İstanbul", ["i̇stanbul"], 1, 1),  # lower() of U+0130 is two code points
    ("北京", ["北京"], 1, 1),
    ("北京", ["北 京"], 0, 0),
    ("x_y", ["xy"], 1, 1),
    ("a-b", ["ab"], 1, 1),  # punctuation goes before articles: "a" is no word here
    ("(the) end", ["end"], 1, 1),
]


def test_there_are_at_least_fifty_cases():
    assert len(AWKWARD) >= 50


@pytest.mark.parametrize(("prediction", "golds", "em", "f1"), AWKWARD)
def test_awkward_cases(prediction, golds, em, f1):
    assert exact_match(prediction, golds) == em
    assert token_f1(prediction, golds) == pytest.approx(float(f1), abs=1e-15)


@pytest.mark.parametrize(
    ("prediction", "golds", "em", "f1"),
    [
        ("", ["the"], 1.0, 0.0),  # 1.1: equal after normalisation, but no token is shared
        ("...", ["an"], 1.0, 0.0),
        ("apple", ["...", "apple"], 1.0, 1.0),
        ("", ["apple"], 0.0, 0.0),
        ("b c d", ["c d e"], 0.0, 2 / 3),
    ],
)
def test_rules_of_the_first_script(prediction, golds, em, f1):
    assert exact_match(prediction, golds, SquadRules.V1) == em
    assert token_f1(prediction, golds, SquadRules.V1) == pytest.approx(f1, abs=1e-15)


def test_official_scores_2_0_by_hand():
    golds = [["new york"], ["1904", "in 1904"], [], []]
    predictions = ["new york city", "1904", "", "Rome"]
    # F1 of the first: precision 2/3, recall 1 -> 4/5. EM 0, 1, 1, 0.
    assert official_scores(golds, predictions, SquadRules.V2) == {
        "exact": 50.0,
        "f1": 100.0 * (0.8 + 1 + 1 + 0) / 4,
        "total": 4,
        "HasAns_exact": 50.0,
        "HasAns_f1": 90.0,
        "HasAns_total": 2,
        "NoAns_exact": 50.0,
        "NoAns_f1": 50.0,
        "NoAns_total": 2,
    }


def test_official_scores_1_1_by_hand():
    found = official_scores([["a b", "c"], ["d"], ["e f"]], ["c", "x", "f g"], SquadRules.V1)
    # EM 1, 0, 0; F1 1, 0, and [f g] against [e f]: 1/2.
    assert found == {"exact_match": 100.0 / 3, "f1": 50.0}


def test_order_of_normalisation():
    assert normalise("The, (A) AN-an  the\tend!") == "anan end"


@given(st.text())
def test_normalising_twice_changes_no_word_order(text):
    once = normalise(text)
    assert once == " ".join(once.split())
    assert exact_match(text, [text]) == 1.0


@given(st.text(), st.text())
def test_f1_is_symmetric_and_bounded(left, right):
    there, back = token_f1(left, [right]), token_f1(right, [left])
    assert 0.0 <= there <= 1.0
    if normalise(left) and normalise(right):
        assert there == pytest.approx(back)


def test_is_right():
    assert is_right(None, [])
    assert not is_right("x", [])
    assert not is_right(None, ["x"])
    assert is_right("over 14,000 firms", ["14,000"])  # F1 exactly one half
    assert not is_right("one two three four", ["three"])
    assert not is_right("87.96 billion yuan", ["26.56 billion yuan"])  # F1 two thirds, another figure
    assert not is_right("16.7 million yuan", ["16.7 billion yuan"])
    assert not is_right("people", ["5,000 people"])
    assert not is_right("nine clusters", ["six clusters"])
    assert is_right("16.7 billion yuan", ["16.7 billion yuan ($2.34 billion)"])
    assert is_right("nearly 5,000 people", ["6 people", "5,000 people"])
    assert is_right("Hermann Simon, 2022", ["Hermann Simon"])


def test_holds_answer_by_whole_words():
    assert holds_answer("It opened in 1904.", ["1904"])
    assert not holds_answer("It cost 19045.", ["1904"])
    assert not holds_answer("anything", [])
    assert not holds_answer("anything", ["the"])
