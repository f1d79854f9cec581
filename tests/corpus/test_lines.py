"""Lines that belong together and lines that do not."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.lines import paragraphs

WRAPPED = """\
The council has agreed on a plan for the harbour, which the mayor
presented on Monday to a full hall. It costs nineteen million, of
which the state pays half.
"""


def shown(text):
    return [[span.of(text) for span in group] for group in paragraphs(text)]


def test_text_set_in_lines_is_one_paragraph():
    assert shown(WRAPPED) == [[WRAPPED.strip()]]


def test_a_new_paragraph_after_a_short_last_line():
    assert shown(WRAPPED + WRAPPED) == [[WRAPPED.strip(), WRAPPED.strip()]]


def test_a_list_in_text_set_in_lines_keeps_its_items():
    text = WRAPPED + "- new quays for the ferries and for the fishing boats of the town\n- two cranes\n"
    assert shown(text)[0][1:] == ["- new quays for the ferries and for the fishing boats of the town", "- two cranes"]


def test_a_menu_and_paragraphs_of_one_line_stay_apart():
    assert shown("Home\nNews\nSport") == [["Home", "News", "Sport"]]
    long = "word " * 60 + "end."
    assert shown(f"{long}\n{long}") == [[long, long]]


def test_blank_lines_of_any_kind_part_and_every_line_end_counts():
    assert shown("A\r\n\u00a0\t\r\nB\rC\u2028D\x0bE\n\n\n") == [["A"], ["B", "C", "D", "E"]]


@given(st.text())
def test_every_character_that_is_not_blank_is_in_one_paragraph(text):
    position = 0
    for group in paragraphs(text):
        for span in group:
            assert span.start >= position
            assert not text[position : span.start].strip()
            words = span.of(text)
            assert words
            assert words == words.strip()
            position = span.end
    assert not text[position:].strip()
