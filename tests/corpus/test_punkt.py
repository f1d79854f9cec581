"""Sentences by Punkt with the shipped parameters."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.punkt import parameters_digest, punkt_spans
from corpus.types import Span


def sentences(text):
    return [span.of(text) for span in punkt_spans(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Smith met Dr. J. R. Jones at 5 p.m. on Jan. 5.", "They talked."],
        ["The U.S. economy grew by 3.5 percent in the U.S.", "The rest fell."],
        ["Xiamen Changelight Co. Ltd. and ABB came.", "No. 56-58 Torch Road is near."],
        [
            "Prices rose to $2.34 billion.",
            "Gen. Lee vs. Prof. Grant was heard, e.g. on St. Louis St. in Calif.",
            "It was late.",
        ],
        ["“Why?” he asked.", "“Go!” she said.", "He left."],
        ["(It was so.)", "It is gone."],
        ["1. Flagship programs were upgraded.", "2. Forums were held."],
        ["It failed ...", "He went on."],
        ["He chose Plan C.", "The plan failed."],
        ["The zone was founded in 1991.", "Xiamen grew."],
        ["Roe v. Wade was heard.", "J. A. Smith and George W. Bush came.", "No."],
        ["Is it so?", "Yes!", "No."],
    ],
)
def test_where_sentences_end(expected):
    assert sentences(" ".join(expected)) == expected


@given(st.text(st.sampled_from('aA1 .!?"”)\n\u00a0\u0301…')) | st.text())
def test_sentences_cover_the_text_in_order(text):
    position = 0
    for span in punkt_spans(text, Span(0, len(text))):
        assert not text[position : span.start].strip()
        words = span.of(text)
        assert words
        assert words == words.strip()
        position = span.end
    assert not text[position:].strip()


def test_only_the_span_asked_for_is_cut():
    text = "First one. Second one. Third one."
    assert list(punkt_spans(text, Span(11, 33))) == [Span(11, 22), Span(23, 33)]


def test_a_long_text_is_cut_as_its_parts_would_be():
    sentence = "The zone, founded by Mr. Smith in 1991, grew by 3.5 percent in the past year."
    assert sentences(" ".join([sentence] * 1000)) == [sentence] * 1000


def test_the_shipped_abbreviations_hold_the_common_ones():
    shipped = json.loads(files("corpus").joinpath("punkt_parameters.json").read_text(encoding="utf-8"))
    titles = {"mr", "mrs", "dr", "prof", "st", "gen", "sen", "gov", "rep"}
    others = {"co", "ltd", "inc", "corp", "u.s", "no", "vs", "e.g", "i.e"}
    months = {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    assert titles | others | months <= set(shipped["abbreviations"])
    assert len(parameters_digest()) == 8
