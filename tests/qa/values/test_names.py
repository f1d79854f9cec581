import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.values.names import is_short_form, read_name, spelled_out
from qa.values.types import Name

ARTICLE = (
    "Chief executive Imogen Tarrant spoke. Ms Tarrant said that the Organisation for Economic Growth (OEG) and ABB "
    "(Asea Brown Boveri) agreed. Ann Smith met John Smith."
)


def name(text: str) -> Name:
    found = read_name(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Imogen Tarrant", "Imogen Tarrant"),
        ("Ms Tarrant", "Tarrant"),
        ("chief executive Imogen Tarrant", "Imogen Tarrant"),
        ("the University of Ostermere", "University of Ostermere"),
        ("Xiamen Changelight Co Ltd", "Xiamen Changelight"),
        ("Line 2", "Line 2"),
    ],
)
def test_the_one_name_without_titles_and_legal_forms(text: str, words: str) -> None:
    assert " ".join(name(text).words) == words


@pytest.mark.parametrize("text", ["", "because a valve stuck", "One of its officials", "Ann Smith, who met John Smith"])
def test_none_or_several_names_are_no_name(text: str) -> None:
    assert read_name(text) is None


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Tarrant", "Imogen Tarrant"),
        ("I. Tarrant", "Imogen Tarrant"),
        ("Imogen Tarrant", "Imogen Rose Tarrant"),
        ("OECD", "Organisation for Economic Co-operation and Development"),
        ("WHO", "World Health Organization"),
    ],
)
def test_short_forms(short: str, full: str) -> None:
    assert is_short_form(name(short), name(full))
    assert not is_short_form(name(full), name(short))


@pytest.mark.parametrize(
    ("one", "other"), [("A. Tarrant", "Imogen Tarrant"), ("Ann Smith", "John Smith"), ("Imogen", "Imogen Tarrant")]
)
def test_other_names_are_no_short_forms(one: str, other: str) -> None:
    assert not is_short_form(name(one), name(other))


def test_a_short_name_is_looked_up_in_its_article() -> None:
    assert spelled_out(name("Tarrant"), ARTICLE).words == ("Imogen", "Tarrant")
    assert spelled_out(name("ABB"), ARTICLE).words == ("Asea", "Brown", "Boveri")
    assert spelled_out(name("OEG"), ARTICLE).words == ("Organisation", "for", "Economic", "Growth")
    assert spelled_out(name("Smith"), ARTICLE).words == ("Smith",)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_can_be_read(text: str, article: str) -> None:
    found = read_name(text)
    if found is not None:
        assert spelled_out(found, article).words
        assert not is_short_form(found, found)
