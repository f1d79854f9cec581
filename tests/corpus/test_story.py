"""One agency story in several papers is one story; another figure, name or turn makes it another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.story import SKETCH, adds, likeness, says, story_of

BODY = (
    "The harbour of Port Ellery handled 18,400 tonnes of fish in 2021, a rise of 12 percent, its master Rosa Lindqvist "
    "said on Monday. Three of its nine berths are new.",
    "The mayor, Agnes Tull, told the council that fishing boats from the whole coast unload there, and that no other "
    "port in the county does as much. About 240 people work at the harbour and in the halls behind it.",
    "The council approved a loan of $5 million for a cold store. It will open next spring, if the weather allows.",
)
STORY = "\n\n".join(("Port Ellery lands more fish", *BODY))


def same(one: str, other: str, titles: tuple[str, str] = ("A", "B")) -> bool:
    first, second = story_of(one, titles[0]), story_of(other, titles[1])
    return first.key == second.key and likeness(first, second) >= 0.8


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY.replace("Port Ellery lands more fish", "More fish at Port Ellery, says its master"),
        STORY.replace("The harbour of", "PORT ELLERY, March 3 (Reuters) - The harbour of"),
        STORY.replace("The harbour of", "(AP) — The harbour of"),
        STORY.replace("\n\n", "\n\nBy Our Own Staff\n\n3 March 2022\n\n", 1),
        STORY.replace("18,400", "18400"),
        STORY.replace("unload there", "unload their catch there"),
        STORY + "\n\nSign up here for our newsletter, and read more of our stories every day.",
        STORY + "\n\nRelated stories\n\nThe Evening Courier",
        STORY.replace(" ", "\u00a0 "),
        STORY.replace("\n", "\r\n"),
    ],
)
def test_copies(copy: str) -> None:
    assert same(STORY, copy)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("18,400", "18,500"),
        ("12 percent", "1.2 percent"),
        ("Three of", "Four of"),
        ("Monday", "Tuesday"),
        ("$5", "£5"),
        ("million", "billion"),
        ("a rise", "a fall"),
        ("approved", "rejected"),
        ("no other", "another"),
        ("Agnes Tull", "Agnes Tall"),
        ("next spring", "last spring"),
        ("About 240 people work at the harbour and in the halls behind it.", ""),
        ("if the weather allows.", "if the weather allows.\n\nBerths: 31"),
        ("The mayor, Agnes Tull", "Our reporters counted 40 boats there.\n\nThe mayor, Agnes Tull"),
    ],
)
def test_edited_stories_are_not_copies(old: str, new: str) -> None:
    assert old in STORY
    assert not same(STORY, STORY.replace(old, new))


def test_figures_in_another_order_are_another_story() -> None:
    text = "The price of one tonne of herring went from 5 to 6 euros, as traders in the whole of the county told it."
    assert not same(text, text.replace("5 to 6", "6 to 5"))


def test_a_year_in_the_title_alone_tells_stories_apart() -> None:
    assert not same(STORY, STORY, ("Results 2022", "Results 2023"))
    assert not same(STORY, STORY, ("Monday's notes", "Friday's notes"))
    assert same(STORY, STORY, ("Fish up by 12 percent", "Three new berths"))


def test_other_words_with_the_same_figures_are_another_story() -> None:
    other = "18,400 2021 rise of 12 Monday. Three nine"
    assert not same(STORY, other)
    assert likeness(story_of(STORY, ""), story_of("", "")) == 0.0


def test_likeness_of_short_texts_is_exact() -> None:
    one, other = story_of("a b c d e", ""), story_of("a b c d f", "")
    assert likeness(one, other) == 1 / 3


def test_likeness_of_long_texts_is_near_what_it_estimates() -> None:
    words = [f"w{number}x" for number in range(4000)]
    one, other = story_of(" ".join(words), ""), story_of(" ".join(words[400:]), "")
    assert len(one.sketch) == SKETCH
    assert abs(likeness(one, other) - 0.9) < 0.06


def test_what_a_passage_of_a_copy_adds() -> None:
    assert not adds(f"Another headline\n\n{BODY[1]}", STORY)
    assert not adds(BODY[0].replace("The harbour", "PORT ELLERY (Reuters) - The harbour"), STORY)
    assert adds(BODY[2] + "\n\nThe old store behind the church will be sold to whoever wants it most of all.", STORY)
    assert not adds("", STORY)


def test_words_are_known_in_another_setting() -> None:
    assert says(STORY, "no  other PORT\nin the county")
    assert says(STORY, "18400 tonnes")
    assert not says(STORY, "no port in the county")
    assert not says(STORY, "240 people work at the harb")
    assert says("To be... or", "...")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_story_and_is_like_itself(one: str, other: str) -> None:
    first, second = story_of(one, ""), story_of(other, "")
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1
    assert not first.sketch or likeness(first, first) == 1.0
    assert not adds(one, one)
    assert says(one, one)
