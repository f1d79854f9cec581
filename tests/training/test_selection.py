from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.negatives import add_hard_negatives
from training.records import Example, Row, read_rows
from training.selection import HeldOut, choose_span, cuts_number, select, trim
from training.squad import best_f1, exact_match, f1, holds, normalise

NOTHING = HeldOut(frozenset(), frozenset(), frozenset())


def example(context: str, *texts: str, dataset: str = "tydiqa_en") -> Example:
    return Example("1", dataset, "Who?", context, tuple((text, context.index(text)) for text in texts))


def test_squad_rules_by_hand() -> None:
    assert normalise("The  U.S. Army, a force") == "us army force"
    assert exact_match("the Baltic Sea", ["Baltic Sea."]) == 1.0
    assert f1("the north city hall", "north city") == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert f1("", "the") == 1.0
    assert best_f1("Anna", ["Ben", "Anna"]) == 1.0
    assert holds("It cost 14,000 dollars.", "14,000")
    assert not holds("It cost 14,000 dollars.", "14")


def test_the_span_that_agrees_most_is_chosen_and_the_shortest_on_a_tie() -> None:
    context = "It was the very old stone bridge in Ely."
    assert _text(context, "very old stone bridge", "stone bridge", "old stone bridge") == "old stone bridge"
    assert _text(context, "the very old stone bridge", "bridge") == "bridge"


def _text(context: str, *texts: str) -> str:
    start, end = choose_span(example(context, *texts))
    return context[start:end]


def test_a_clause_loses_its_full_stop_and_an_abbreviation_keeps_it() -> None:
    clause = "relies on floats to remain buoyant."
    assert clause[slice(*trim(clause, 0, len(clause)))] == clause[:-1]
    short = "in the U.S."
    assert short[slice(*trim(short, 0, len(short)))] == short


@pytest.mark.parametrize(
    ("text", "answer", "cut"),
    [("in 280 AD", "2", True), ("some 14,000 firms", "14", True), ("some 14,000 firms", "14,000", False),
     ("the 4th day", "4", False), ("of 1904.", "1904", False), ("sold 11 million", "1 million", True)],
)  # fmt: skip
def test_half_a_number_is_seen(text: str, answer: str, cut: bool) -> None:
    start = text.rindex(answer) if answer == "1 million" else text.index(answer)
    assert cuts_number(text, start, start + len(answer)) is cut


def test_held_out_rows_are_left_out_by_id_question_and_context() -> None:
    rows = [
        Example("7", "tydiqa_en", "Who came?", "Anna came.", (("Anna", 0),)),
        Example("8", "tydiqa_en", "who built THE mill", "Ben did.", (("Ben", 0),)),
        Example("9", "tydiqa_en", "Who left?", "Dora left", (("Dora", 0),)),
        Example("7", "qed_nq", "Who else?", "Carla else.", (("Carla", 0),)),
    ]
    held = HeldOut(frozenset({"tydiqa_en:7"}), frozenset({"who built mill"}), frozenset({"dora left"}))
    kept, counts = select(rows, held, frozenset({"tydiqa_en", "qed_nq"}), seed=0)
    assert [(row.dataset, row.id) for row in kept] == [("qed_nq", "7")]
    assert set(counts) == {f"tydiqa_en: held-out {what}" for what in ("id", "question", "context")} | {"qed_nq: kept"}


def test_long_answers_go_but_some_stories_keep_theirs() -> None:
    context = " ".join(f"w{number}" for number in range(40))
    long = [
        Example(str(number), name, f"Why {number}?", context, ((context, 0),))
        for name in ("tydiqa_en", "fairytaleqa")
        for number in range(100)
    ]
    kept, _ = select(long, NOTHING, frozenset({"tydiqa_en", "fairytaleqa"}), seed=0)
    assert {row.dataset for row in kept} == {"fairytaleqa"}
    assert 5 <= len(kept) <= 40


def test_hard_negatives_lack_every_gold_and_are_other_passages() -> None:
    texts = ["Anna built the mill in Ely.", "The mill in Ely is by Anna.", "The mill in York is old.", "Cats sleep."]
    rows = [Row(str(at), "tydiqa_en", "Who built the mill?", text, 0, 4, ("Anna",)) for at, text in enumerate(texts)]
    assert add_hard_negatives(rows)[0].hard == (2,)


def test_the_data_step_keeps_no_development_question(prepared: Path) -> None:
    rows = read_rows(prepared / "data" / "rows.jsonl.gz")
    assert rows
    assert all(normalise(row.question) != "who built mill" for row in rows)
    summary = json.loads((prepared / "data" / "summary.json").read_text())
    assert sum(count for name, count in summary.items() if "held-out" in name) == 12
