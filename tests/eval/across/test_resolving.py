import json
from importlib.resources import files

from eval.across.halves import Half
from eval.across.resolving import RESULT, altered, follow_ups, means, write
from eval.datasets import load_dataset
from eval.types import Question

SETS = files("eval") / "sets"
ALTERED_AT_MOST = 0.02
RESOLVED_AT_LEAST = 0.8


def test_the_halves_are_both_and_stay_what_they_are() -> None:
    ids = [one.id for one in follow_ups()]
    held_out = [one for one in ids if Half.HELD_OUT.holds(one)]
    looked_at = [one for one in ids if Half.OPEN.holds(one)]
    assert sorted(held_out + looked_at) == sorted(ids)
    assert min(len(held_out), len(looked_at)) >= 40
    assert Half.HELD_OUT.holds("f001") is Half.HELD_OUT.holds("f001")


def test_follow_ups_are_resolved_to_what_they_mean_in_both_halves() -> None:
    for half in Half:
        found = [one for one in follow_ups() if half.holds(one.id)]
        wrong = [(one.question, one.resolved) for one in found if not one.right]
        assert len(wrong) <= (1 - RESOLVED_AT_LEAST) * len(found), wrong


def test_what_a_meaning_needs_and_what_it_must_not_have() -> None:
    assert means("How long is Line 1?", ["Line 1", "long"], ["Line 2"])
    assert not means("How long is Line 2?", ["Line 1"], [])
    assert not means("How long is it?", [], [" it "])


def test_questions_of_the_sets_that_stand_alone_are_not_altered() -> None:
    for name in ("sample.jsonl", "saved-articles.jsonl"):
        questions = load_dataset(f"citespan:{SETS / name}").questions
        found, asked = altered(questions, 300, seed=8)
        assert asked == min(300, len(questions))
        assert len(found) <= ALTERED_AT_MOST * asked, found


def test_a_question_is_put_after_another_about_the_same_text() -> None:
    about = {"zone": ["Who leads the Torch zone?", "When did it open?"], "race": ["Who won the Ost Cup?"]}
    questions = [
        Question(f"{text}{at}", words, ("Ann Ray",), True, context=text)
        for text, asked in about.items()
        for at, words in enumerate(asked)
    ]
    found, asked = altered(questions, 10, seed=0)
    assert asked == 3
    assert [(one.previous, one.resolved) for one in found] == [
        ("Who leads the Torch zone?", "When did the Torch zone open?")
    ]
    assert altered(questions, 10, seed=0) == (found, asked)


def test_what_is_measured_is_written_down(tmp_path) -> None:
    lines = write(tmp_path, {"some": altered([Question("1", "Who won?"), Question("2", "Who lost?")], 2, 0)})
    assert "altered, of some | 2 | 0 (0.0 %)" in lines[-1]
    written = json.loads((tmp_path / RESULT).read_text(encoding="utf-8"))
    assert len(written["follow_ups"]) == len(follow_ups())
    assert written["standing_alone"]["some"] == {"asked": 2, "altered": []}
