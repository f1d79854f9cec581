from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.predict import Inputs, Scores
from training.records import Example
from training.rephrasings import REPHRASINGS, moved, reworded, typos, wrapped
from training.robustness import measure, rephrased, table
from training.windows import WindowMaker

RNG = random.Random(0)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("In which year was the zone founded?", "The zone was founded in which year?"),
        ("When was the old mill built by Anna?", "The old mill was built by Anna when?"),
        ("Where is the school?", "The school is where?"),
        ("What is the area code for Salt Lake City", "The area code for Salt Lake City is what?"),
        ("What was the music hall called?", "The music hall was called what?"),
        ("How often is the paper printed?", "The paper is printed how often?"),
        ("Who built the mill?", None),
        ("When was the last time he won?", None),
        ("When was the suspected thief caught?", None),
        ("What company was founded in 1904?", None),
        ("What is used for this?", None),
        ("Where is the writer from?", None),
        ("How old was Ajayi when he was captured?", None),
        ("What is the harbour handling?", None),
        ("", None),
    ],
)
def test_the_question_word_goes_where_its_answer_stands(question: str, expected: str | None) -> None:
    assert moved(question, RNG) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many firms work there?", "What number of firms work there?"),
        ("In what year did it open?", "In which year did it open?"),
        ("Which year was it?", "In what year was it?"),
        ("When did it open?", "At what time did it open?"),
        ("Who founded the school?", "Which person founded the school?"),
        ("Who won?", None),
        ("Somehow many came?", None),
    ],
)
def test_question_words_have_others_of_the_same_meaning(question: str, expected: str | None) -> None:
    assert reworded(question, RNG) == expected


@given(st.text(max_size=60), st.integers(0, 5))
def test_any_question_is_rephrased_or_left_and_the_seed_decides(question: str, seed: int) -> None:
    example = Example("7", "x", question, "…", ())
    for name in REPHRASINGS:
        found = rephrased([example], name, seed)
        assert found == rephrased([example], name, seed)
        assert all(one.question not in {question, ""} for _, one in found)


def test_typos_are_in_words_and_names_keep_their_capital() -> None:
    slipped = typos(2)("When was the harbour opened?", random.Random(1))
    assert slipped is not None
    assert len(slipped.split()) == 5
    assert slipped != "When was the harbour opened?"
    assert typos(1)("Who is it?", RNG) is None
    assert "Ada" in wrapped("Ada built what?", RNG)
    assert "when was it" in wrapped("When was it?", RNG)


def by_length(maker: WindowMaker, longest: int):
    """A reader that answers with "Anna" as long as the question is short, else with the first word."""
    anna = maker.encode("Anna").ids[0]

    def score(inputs: Inputs) -> Scores:
        ids = inputs["input_ids"]
        logits = np.zeros(ids.shape, dtype=np.float32)
        for row in range(len(ids)):
            passage = int(inputs["token_type_ids"][row].argmax())
            logits[row, passage] = 1.0
            if passage - 2 <= longest:
                logits[row, ids[row] == anna] = 5.0
        return logits, logits, None

    return score


def test_each_condition_is_compared_with_the_same_questions(start: Path) -> None:
    maker = WindowMaker(start / "tokenizer.json")
    context = "Ben saw the mill that was built by Anna."
    questions = ["Who built the mill?", "When was the mill built?"] * 5
    examples = [Example(str(at), "x", text, context, (("Anna", 33),)) for at, text in enumerate(questions)]
    found = measure(examples, maker, by_length(maker, 8), seed=3)
    assert found["as it is"] == {"questions": 10, "em": 100.0, "f1": 100.0}
    assert found["no question mark"]["f1_change"] == 0.0
    assert found["upper case"]["em"] == 100.0
    reworded_row = found["question word reworded"]  # "When was" -> "At what time was": seven tokens, still short
    assert (reworded_row["questions"], reworded_row["f1"]) == (5, 100.0)
    wrapper = found["polite wrapper"]
    assert wrapper["questions"] == 10
    assert wrapper["f1"] < wrapper["f1_as_it_is"] == 100.0
    low, high = wrapper["f1_change_95"]
    assert low <= wrapper["f1_change"] <= high <= 0.0
    assert "| polite wrapper | 10 |" in table(found)
    nothing = measure([Example("1", "x", "WHO?", context, (("Anna", 33),))], maker, by_length(maker, 8), seed=3)
    assert nothing["question word moved"] == {"questions": 0}
    assert "| question word moved | 0 |" in table(nothing)
