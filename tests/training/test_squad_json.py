from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from training.selection import HeldOut
from training.squad_json import DATASET, choose, read_squad


def article(title: str, *paragraphs: tuple[str, str, str]) -> dict[str, Any]:
    """Paragraphs of (id, context, answer), one question each."""
    return {
        "title": title,
        "paragraphs": [
            {
                "context": context,
                "qas": [
                    {
                        "id": number,
                        "question": f" Who of {number}? ",
                        "answers": [{"text": answer, "answer_start": context.index(answer)}],
                    }
                ],
            }
            for number, context, answer in paragraphs
        ],
    }


ARTICLES = [
    article("Ely", ("1", "Anna built the bridge.", "Anna"), ("2", "Ben paid for it.", "Ben")),
    article("Oslo", ("3", "Cora swam.", "Cora"), ("4", "Dan ran far away.", "Dan")),
]


def test_questions_come_with_their_answers_where_they_stand() -> None:
    examples, barred = choose(ARTICLES, HeldOut(frozenset(), frozenset(), frozenset()), [])
    assert [example.id for example in examples] == ["1", "2", "3", "4"]
    assert not barred
    first = examples[0]
    assert (first.dataset, first.question, first.answers) == (DATASET, "Who of 1?", (("Anna", 0),))


def test_an_article_with_one_held_out_paragraph_is_left_out_whole() -> None:
    held_out = HeldOut(frozenset(), frozenset(), frozenset({"cora swam"}))
    examples, barred = choose(ARTICLES, held_out, [])
    assert [example.id for example in examples] == ["1", "2"]
    assert barred == ["Oslo"]


def test_questions_that_a_set_already_has_come_once() -> None:
    examples, _ = choose(ARTICLES, HeldOut(frozenset(), frozenset(), frozenset()), ["2", "4"])
    assert [example.id for example in examples] == ["1", "3"]


def test_any_other_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dev-v1.1.json"
    path.write_text('{"data": []}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected SQuAD 1\.1's train-v1\.1\.json"):
        read_squad(path, HeldOut(frozenset(), frozenset(), frozenset()), [])
