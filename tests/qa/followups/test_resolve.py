import json
import random
from collections.abc import Callable
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.followups.resolve import resolve

SETS = files("eval").joinpath("sets")
ALTERED_AT_MOST = 0.02
RESOLVED_AT_LEAST = 0.8


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in SETS.joinpath(name).read_text(encoding="utf-8").splitlines()]


def after(question: str, *previous: str, answer: str | None = None) -> str:
    return resolve(question, previous, lambda _: answer)


@pytest.mark.parametrize(
    ("previous", "answer", "question", "resolved"),
    [
        ("How many firms does the Torch zone have?", None, "And in Hefei?", "How many firms does the Hefei zone have?"),
        ("What was the debt in 2022?", None, "And in 2023?", "What was the debt in 2023?"),
        (
            "How many pumps did Halvane sell in 2022?",
            None,
            "And boilers?",
            "How many boilers did Halvane sell in 2022?",
        ),
        ("How much is a day ticket?", None, "And a weekly ticket?", "How much is a weekly ticket?"),
        (
            "Which company built it?",
            "Brinecell",
            "How many people do they employ?",
            "How many people do Brinecell employ?",
        ),
        ("When did Line 2 open?", "2023", "How much did it cost?", "How much did Line 2 cost?"),
        ("Who won the Ost Cup?", "Ana Ruiz", "How old is she?", "How old is Ana Ruiz?"),
        ("How long is the bridge at Veldry?", "412 m", "Who built it?", "Who built the bridge at Veldry?"),
        (
            "Who runs the port of Ellery?",
            "Rosa Lind",
            "Since when?",
            "Since when was it that Rosa Lind runs the port of Ellery?",
        ),
        ("Did Halvane recall the Brisa 6?", None, "Why?", "Why did Halvane recall the Brisa 6?"),
        ("How many libraries will close?", "two", "Which ones?", "Which libraries will close?"),
        ("Who won the Ost Cup?", "Ana Ruiz", "And who came last?", "Who came last of the Ost Cup?"),
        ("What was the debt in 2022?", None, "And the year before?", "What was the debt in 2021?"),
        (
            "What was the debt at the end of 2022?",
            None,
            "And two years later?",
            "What was the debt at the end of 2024?",
        ),
        (
            "How long is the wait for a new hip?",
            None,
            "And for a cataract operation?",
            "How long is the wait for a cataract operation?",
        ),
        (
            "How many people do the trams of Ost carry?",
            None,
            "And the buses?",
            "How many people do the buses of Ost carry?",
        ),
        (
            "How much did pumps bring Halvane in 2020?",
            None,
            "And boilers?",
            "How much did boilers bring Halvane in 2020?",
        ),
        ("What was the debt in 2022?", None, "And what was it in 2020?", "What was the debt in 2020?"),
        (
            "How large is the Long Tide?",
            None,
            "For how much did the gallery buy it?",
            "For how much did the gallery buy the Long Tide?",
        ),
        (
            "Which two engineers founded Norwend?",
            "Brandt and Keeling",
            "Where did they found it?",
            "Where did Brandt and Keeling found Norwend?",
        ),
        (
            "How much trade did Xiamen have in 2020?",
            None,
            "By how much did that grow?",
            "By how much did the trade of Xiamen grow?",
        ),
        ("What is a Bridge card?", None, "How many people have one?", "How many people have a Bridge card?"),
        ("How many people does Halvane employ?", None, "What about its revenue?", "What is the revenue of Halvane?"),
        (
            "How many posts did Ost have?",
            "185 posts",
            "For how many people?",
            "For how many people did Ost have 185 posts?",
        ),
        ("How large were the four industries in 2022?", None, "Which ones?", "What are the four industries?"),
        (
            "How many projects were signed in 2021?",
            "17",
            "Who paid for them?",
            "Who paid for the projects signed in 2021?",
        ),
        ("How many people died on Everest?", "two", "Why?", "Why people died on Everest?"),
        ("Who shot Ann Brown?", None, "Where?", "Where was it that someone shot Ann Brown?"),
        ("What happened at sea on 3 May 2021?", None, "Who was there at that time?", "Who was there on 3 May 2021?"),
    ],
)
def test_what_leans_on_the_question_before(previous: str, answer: str | None, question: str, resolved: str) -> None:
    assert after(question, previous, answer=answer) == resolved


@pytest.mark.parametrize(
    "question",
    [
        "How many companies did the Torch zone say it added?",
        "Who is Ana Ruiz and where does she live?",
        "How long does it take to ride Line 2?",
        "Which company sold its plant?",
        "Who lost his job?",
        "How many people are there in Hefei?",
        "torch zone founding year",
        "What happened in 2022?",
        "Is it true that Line 2 is late?",
        "Why do bees sting even though it will kill them?",
        "What do they speak in Brittany?",
        "When did they stop saying mass in latin?",
        "How cold does it get in winter in Milwaukee?",
        "What is it called when two organisms live together?",
        "Where did dr seuss write his first book?",
        "Which artist was found guilty of beating his friend?",
        "Which actress claimed she had been there?",
        "In 1849 where did Chopin live?",
        "How many fans died?",
        "What is the number of cities in Texas?",
        "For whose benefit was the first of these concerts given in Paris?",
    ],
)
def test_what_stands_alone_is_left_to_the_letter(question: str) -> None:
    assert after(question, "Who founded Brinecell?", answer="Oona Farquist") == question


def test_a_chain_is_resolved_from_its_beginning() -> None:
    answers = {"Which company built the battery?": "Brinecell", "Who founded Brinecell?": "Oona Farquist"}
    chain = ["Which company built the battery?", "Who founded it?"]
    assert resolve("When?", chain, answers.get) == "When was it that Oona Farquist founded Brinecell?"


def test_the_earlier_answer_is_asked_for_only_where_it_is_needed() -> None:
    def refuse(question: str) -> str | None:
        raise AssertionError(question)

    assert resolve("And in 2023?", ["What was the debt in 2022?"], refuse) == "What was the debt in 2023?"
    assert resolve("Who won the Ost Cup?", ["What was the debt?"], refuse) == "Who won the Ost Cup?"


def test_without_an_earlier_question_nothing_is_changed() -> None:
    assert resolve("Since when?", [], lambda _: None) == "Since when?"


def test_the_set_of_follow_ups_is_resolved_to_the_right_meaning() -> None:
    found = rows("follow-ups.jsonl")
    assert len(found) >= 60
    right = [
        row
        for row in found
        if _right(row, resolve(row["question"], row["previous"], _answering(row["previous_answer"])))
    ]
    assert len(right) >= RESOLVED_AT_LEAST * len(found)


def _answering(answer: str | None) -> Callable[[str], str | None]:
    return lambda _: answer


def _right(row: dict, resolved: str) -> bool:
    """Every word that the standalone question needs is there, and none that would make it another question."""
    text = f" {resolved.casefold().replace('?', ' ?')} "
    needs, without = ([word.casefold() for word in row[key]] for key in ("needs", "without"))
    return all(word in text for word in needs) and not any(word in text for word in without)


def test_questions_that_stand_alone_are_not_altered() -> None:
    known = [row["question"] for name in ("sample.jsonl", "saved-articles.jsonl") for row in rows(name)]
    assert len(known) >= 300
    chosen = random.Random(8)
    altered = [
        one for one in known if after(one, chosen.choice(known), answer=chosen.choice(["1991", "Ana Ruiz"])) != one
    ]
    assert len(altered) <= ALTERED_AT_MOST * len(known), altered


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=60), st.text(max_size=60), st.none() | st.text(max_size=20))
def test_any_conversation_can_be_resolved(question: str, previous: str, answer: str | None) -> None:
    assert isinstance(after(question, previous, answer=answer), str)
