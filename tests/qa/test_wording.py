import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from qa.wording import answer_key, cuts_word, has_word, tidy

AWKWARD = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("abAB019 .,;:'\"’‘“”()[]{}-–$€%\n\t\r\u00a0\u202f\u0301\u200d\u00adİßéשלة中国한😀👩_")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


def tidied(text: str, rough: str) -> str:
    start = text.index(rough)
    span = tidy(text, start, start + len(rough))
    assert span is not None
    return span.of(text)


@pytest.mark.parametrize(
    ("text", "rough", "expected"),
    [
        ("over 14,000 companies", "14", "14,000"),
        ("over 14,000 companies", "000", "14,000"),
        ("grew by 10.7 percent in 2021", "10", "10.7 percent"),
        ("grew by 10.7% in 2021", "7", "10.7%"),
        ("worth 19.6 billion yuan", "19.6", "19.6 billion"),
        ("worth 19.6 billion yuan", "billion yuan", "19.6 billion yuan"),
        ("about 14 000 people", "14", "14"),
        ("about 14\u202f000 people", "14", "14\u202f000"),
        ("it costs $18.42 today", "18.42", "$18.42"),
        ("it costs US$5 today", "5", "US$5"),
        ("runs on Kubernetes now", "uber", "Kubernetes"),
        ("it doesn't work", "doesn", "doesn't"),
        ("Angela's grandfather", "Angela", "Angela"),
        ("Sinéad O’Connor sang", "Connor", "O’Connor"),
        ("cafe\u0301 noir", "cafe", "cafe\u0301"),
        ("against COVID-19 in Italy", "19", "COVID-19"),
        ("in 1914–1918 there", "1914", "1914"),
        ("in the U.S. Senate", "U.S", "U.S."),
        ("made by Dell Inc. in", "Dell Inc.", "Dell Inc."),
        ("in the year 1991.", "1991.", "1991"),
        ("Kaistar Lighting (Xiamen) Co", "Kaistar Lighting (Xiamen", "Kaistar Lighting (Xiamen)"),
        ("the agency (IAEA) said", "agency (", "agency"),
        ("the agency (IAEA) said", "(IAEA)", "IAEA"),
        ("both (a) and (b) hold", "(a) and (b)", "(a) and (b)"),
        ('called "Quantum Avenue" here', '"Quantum Avenue"', "Quantum Avenue"),
        ('called "Quantum Avenue" here', 'Quantum Avenue"', "Quantum Avenue"),
        ("in Xiamen, Fujian,", " Xiamen, Fujian,", "Xiamen, Fujian"),
        ("at -5 degrees", "-5", "-5"),
        ("位于中国厦门市", "厦门", "厦门"),
        ("a family 👨\u200d👩\u200d👧1 here", "1", "1"),
    ],
)
def test_the_span_a_person_would_quote(text: str, rough: str, expected: str) -> None:
    assert tidied(text, rough) == expected


@pytest.mark.parametrize("rough", ["", " ", "...", "“”", "😀", "()", "- -", "\u200b\u00a0"])
def test_no_word_no_span(rough: str) -> None:
    assert tidy(rough, 0, len(rough)) is None


@given(AWKWARD, st.data())
def test_tidied_spans_are_inside_word_bearing_and_whole(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = tidy(text, start, end)
    if span is None:
        return
    quote = span.of(text)
    assert span.end <= len(text)
    assert has_word(quote)
    assert quote == quote.strip()
    assert not cuts_word(text, span.start)
    assert not cuts_word(text, span.end)


@given(AWKWARD, st.data())
def test_tidying_twice_changes_nothing(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    once = tidy(text, start, end)
    if once is not None:
        assert tidy(text, once.start, once.end) == once


def test_a_run_longer_than_any_word_is_not_followed_to_its_ends() -> None:
    text = "a" * 100_000
    assert tidy(text, 50_000, 50_010) == Span(50_000, 50_010)


@pytest.mark.parametrize(
    ("one", "other"),
    [("The Torch Zone", "torch zone"), ("“Micius”", "Micius"), ("14,000", "14 000"), ("ﬁve", "five"), ("the", "The")],
)
def test_wordings_of_one_answer_share_a_key(one: str, other: str) -> None:
    assert answer_key(one) == answer_key(other)


def test_different_answers_have_different_keys() -> None:
    assert len({answer_key(text) for text in ("1991", "1992", "Café", "Cafe", "the", "")}) == 6
