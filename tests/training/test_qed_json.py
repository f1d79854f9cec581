from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.qed_json import DATASET, join_words, read_qed, to_example

TEXT = "The `` Old Bridge '' ( 1895 ) is n't Anna 's , it is Ben 's : it cost $ 3,000 ."


def place(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def first_layout(number: int, *spans: tuple[int, int]) -> dict[str, Any]:
    """A line as the files in parts have it."""
    return {
        "example_id": number,
        "question_text": "whose is the bridge",
        "paragraph_text": TEXT,
        "answer_spans": list(spans),
        "answer_type": "single_sentence",
    }


def last_layout(*answers: list[tuple[int, int]], kind: str = "single_sentence") -> dict[str, Any]:
    """A line as the one file of the end has it: each annotator's answer, in pieces."""
    return {
        "example_id": 7,
        "question_text": "whose is the bridge ?",
        "paragraph_text": TEXT,
        "original_nq_answers": [
            [{"start": start, "end": end, "string": TEXT[start:end]} for start, end in pieces] for pieces in answers
        ],
        "annotation": {"explanation_type": kind},
    }


def test_words_come_together_as_they_were_written() -> None:
    text, starts = join_words(TEXT)
    assert text == "The \"Old Bridge\" (1895) isn't Anna's, it is Ben's: it cost $3,000."
    assert text[starts[TEXT.index("Ben")] :].startswith("Ben's")


def test_a_line_of_the_first_layout() -> None:
    example = to_example(first_layout(-5, place("`` Old Bridge ''")))
    assert example is not None
    assert (example.id, example.dataset, example.question) == ("-5", DATASET, "whose is the bridge?")
    assert example.answers == (('"Old Bridge"', 4),)


def test_a_line_of_the_last_layout_has_every_answer_of_one_piece_once() -> None:
    example = to_example(last_layout([place("Ben")], [place("Ben")], [place("Anna"), place("Ben")], [place("Ben 's")]))
    assert example is not None
    assert example.question == "whose is the bridge ?"
    assert [answer for answer, _ in example.answers] == ["Ben", "Ben's"]


@pytest.mark.parametrize(
    "raw",
    [
        first_layout(1, place("Anna"), place("Ben")),
        first_layout(1, (5, 5)),
        first_layout(1, (place("Old")[0], place("Old")[0] + 2)),
        first_layout(1, (place("Old")[0] + 1, place("Bridge")[1])),
        first_layout(1, (0, -2)),
        first_layout(1, (4, 999)),
        last_layout([place("Anna"), place("Ben")]),
        last_layout([place("Ben")], kind="none"),
    ],
    ids=[
        "in two pieces",
        "empty",
        "ends in a word",
        "begins in a word",
        "ends before it begins",
        "beyond the end",
        "never in one piece",
        "found to be no answer",
    ],
)
def test_what_is_no_answer_in_one_piece_is_left_out(raw: dict[str, Any]) -> None:
    assert to_example(raw) is None


def test_the_files_of_a_folder_are_read_and_a_question_comes_once(tmp_path: Path) -> None:
    for name, numbers in (("nq-train-00-qed", (1, 2)), ("nq-train-01-qed", (2, 3)), ("qed-dev", (4,))):
        lines = [json.dumps(first_layout(number, place("Ben"))) for number in numbers]
        (tmp_path / f"{name}.jsonlines").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [example.id for example in read_qed(tmp_path)] == ["1", "2", "3"]


def test_a_folder_without_its_training_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "qed-dev.jsonlines").write_text(json.dumps(first_layout(1, place("Ben"))), encoding="utf-8")
    with pytest.raises(ValueError, match="holds no"):
        read_qed(tmp_path)


def test_files_without_an_answer_are_refused(tmp_path: Path) -> None:
    (tmp_path / "qed-train.jsonlines").write_text(json.dumps(first_layout(1)), encoding="utf-8")
    with pytest.raises(ValueError, match="has an answer in one piece"):
        read_qed(tmp_path)


def line_with(**changed: object) -> bytes:
    return json.dumps(first_layout(1, place("Ben")) | changed).encode()


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"{}",
        b" ",
        b"\x1f\x8b\x00\xff",
        b"[" * 100_000,
        line_with(answer_spans=3),
        line_with(answer_spans=[[1]]),
        line_with(answer_spans=[[float("inf"), 7]]),
        line_with(answer_spans=[["a", 7]]),
        line_with(paragraph_text=None),
        line_with(paragraph_text="lone \ud800 half"),
        line_with(question_text=7),
    ],
    ids=lambda line: repr(line[:30]),
)
def test_another_file_is_named_with_its_line(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "qed-train.jsonlines").write_bytes(line_with() + b"\n" + line + b"\n")
    with pytest.raises(ValueError, match=r"qed-train\.jsonlines:2: not a line of QED"):
        read_qed(tmp_path)


PIECES = ["``", "''", "(", ")", ",", "'s", "a", "Zoë", "3,000", "$", "%", "a\u00a0b", "c\nd"]
words = st.lists(st.sampled_from(PIECES), min_size=1)


@given(words, st.data())
def test_any_span_of_words_is_the_same_words(tokens: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    raw = first_layout(1) | {"paragraph_text": " ".join(tokens)}
    begin = len(" ".join([*tokens[:first], ""]))
    raw["answer_spans"] = [[begin, begin + len(" ".join(tokens[first : last + 1]))]]
    example = to_example(raw)
    assert example is not None
    (text, start), *more = example.answers
    assert not more
    assert example.context[start : start + len(text)] == text
    quoted = "".join(tokens[first : last + 1]).replace("``", '"').replace("''", '"')
    assert text.replace(" ", "") == quoted
