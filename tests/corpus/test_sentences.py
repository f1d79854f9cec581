"""Units: whole sentences, and clauses of those that are too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import MAX_CHARACTERS, units
from corpus.types import Span


def words(text):
    return len(text.split())


def cut(text, limit, count=words):
    return [(unit.span.of(text), unit.tokens) for unit in units(text, Span(0, len(text)), count, limit)]


def test_sentences_within_the_limit_stay_whole():
    assert cut("One two three. Four five.", 5) == [("One two three.", 3), ("Four five.", 2)]


def test_a_long_sentence_is_cut_at_its_clauses():
    text = "the first part has six words; the second part, with a comma, has more of them; the third ends it."
    assert cut(text, 9) == [
        ("the first part has six words;", 6),
        ("the second part, with a comma,", 6),
        ("has more of them; the third ends it.", 8),
    ]


def test_without_marks_it_is_cut_at_blanks():
    parts = cut("word " * 50, 10)
    assert " ".join(part for part, _ in parts).split() == ["word"] * 50
    assert all(count <= 10 for _, count in parts)


def test_an_endless_run_of_letters_is_cut_hard():
    parts = cut("x" * 5000, 10)
    assert "".join(part for part, _ in parts) == "x" * 5000
    assert all(len(part) <= MAX_CHARACTERS for part, _ in parts)


@pytest.mark.parametrize("cluster", ["e\u0301", "👩\u200d👩\u200d👧", "👍🏽", "☎\ufe0f"])
def test_a_hard_cut_leaves_accents_and_emoji_whole(cluster):
    text = cluster * 2000
    boundaries = [unit.span.start for unit in units(text, Span(0, len(text)), words, 10)]
    assert len(boundaries) > 1
    assert all(start % len(cluster) == 0 for start in boundaries)


def test_each_unit_is_counted_once():
    seen = []

    def counting(text):
        seen.append(text)
        return words(text)

    text = "One two three. Four five. Six."
    list(units(text, Span(0, len(text)), counting, 5))
    assert seen == ["One two three.", "Four five.", "Six."]


@given(st.text(st.sampled_from("aB1 .,;:?\n\u00a0\u0301👩\u200d")) | st.text(), st.integers(1, 20))
def test_units_cover_the_text_and_keep_the_limit(text, limit):
    position = 0
    for unit in units(text, Span(0, len(text)), len, limit):
        assert not text[position : unit.span.start].strip()
        assert unit.span.of(text) == unit.span.of(text).strip()
        assert unit.tokens == len(unit.span)
        assert unit.tokens <= limit or len(unit.span) == 1
        position = unit.span.end
    assert not text[position:].strip()
