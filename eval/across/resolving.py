"""Whether follow-ups are resolved to what they mean, and questions that stand alone are left as they are."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from eval.formats.fields import optional_text, required_text, text_list
from eval.formats.lines import json_rows
from eval.types import Question
from qa.followups.resolve import resolve
from qa.followups.turns import AnswerOf

RESULT = "follow-ups.json"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question of the set with the earlier ones, as it was resolved, and whether that is its meaning."""

    id: str
    previous: tuple[str, ...]
    question: str
    resolved: str
    right: bool


@dataclass(frozen=True, slots=True)
class Altered:
    """A question that stands alone, and what became of it after another one."""

    previous: str
    question: str
    resolved: str


def follow_ups() -> list[FollowUp]:
    """The set of follow-ups, resolved with the earlier answers that its rows give: nothing is looked up."""
    path = Path(str(files("eval"))) / "sets" / "follow-ups.jsonl"
    found = []
    for place, row in json_rows(path):
        question, answer = required_text(row, "question", place), optional_text(row, "previous_answer", place)
        previous = text_list(row, "previous", place)
        resolved = resolve(question, previous, _known(answer))
        needs, without = text_list(row, "needs", place), text_list(row, "without", place)
        right = means(resolved, needs, without)
        found.append(FollowUp(required_text(row, "id", place), previous, question, resolved, right))
    return found


def _known(answer: str | None) -> AnswerOf:
    """What knows one earlier answer."""
    return lambda _: answer or None


def means(resolved: str, needs: Sequence[str], without: Sequence[str]) -> bool:
    """Whether every word is there that the meaning needs, and none that would make it another question."""
    text = f" {resolved.casefold().replace('?', ' ?')} "
    return all(word.casefold() in text for word in needs) and not any(word.casefold() in text for word in without)


def altered(questions: Sequence[Question], limit: int, seed: int) -> tuple[list[Altered], int]:
    """Which of `limit` questions are altered after another one of their set, and how many were asked.

    The other one is about the same text where the set has one, which is where a conversation would be and where most
    goes wrong; its answer is known to the rules. What is drawn depends on nothing but the set and the seed.
    """
    draws = random.Random(seed)  # nothing secret is drawn
    chosen = draws.sample(list(questions), min(limit, len(questions)))
    about: dict[str, list[Question]] = defaultdict(list)
    for one in questions:
        about[one.context].append(one)
    found = []
    for one in chosen:
        others = [other for other in about[one.context] if other.id != one.id] or [
            other for other in questions if other.id != one.id
        ]
        if not others:
            continue
        earlier = draws.choice(others)
        answer = earlier.answers[0] if earlier.answers else None
        resolved = resolve(one.text, [earlier.text], _known(answer))
        if resolved != one.text:
            found.append(Altered(earlier.text, one.text, resolved))
    return found, len(chosen)


def write(out: Path, measured: dict[str, tuple[list[Altered], int]]) -> list[str]:
    """Measure the set of follow-ups, write all that was found into `out`, and say it in lines of Markdown."""
    resolved = follow_ups()
    rows = {
        "follow_ups": [
            {"id": one.id, "question": one.question, "resolved": one.resolved, "right": one.right} for one in resolved
        ],
        "standing_alone": {
            name: {
                "asked": asked,
                "altered": [{"previous": a.previous, "question": a.question, "resolved": a.resolved} for a in found],
            }
            for name, (found, asked) in measured.items()
        },
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / RESULT).write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    right = sum(one.right for one in resolved)
    lines = [
        "| questions | n | |",
        "|---|---|---|",
        _line("follow-ups resolved to what they mean", right, len(resolved)),
    ]
    return lines + [_line(f"altered, of {name}", len(found), asked) for name, (found, asked) in measured.items()]


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {of} | {count} ({100 * count / max(of, 1):.1f} %) |"
