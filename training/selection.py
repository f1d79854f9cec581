"""Which rows may train the reader, and on which of their spans."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.records import Example, Row, read_examples, read_jsonl
from training.squad import f1, normalise

MAX_ANSWER_WORDS = 30
LONG_ANSWER_SET, LONG_ANSWER_SHARE = "fairytaleqa", 0.2
"""Longer spans are usually whole sentences cut carelessly; stories have some that a person would quote."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the development sets hold, so that training can avoid it."""

    ids: frozenset[str]
    questions: frozenset[str]
    contexts: frozenset[str]

    def reason(self, example: Example) -> str | None:
        """Why this example must not train the reader, or None."""
        if f"{example.dataset}:{example.id}" in self.ids:
            return "held-out id"
        if normalise(example.question) in self.questions:
            return "held-out question"
        if normalise(example.context) in self.contexts:
            return "held-out context"
        return None


def read_held_out(qa_files: Iterable[Path], question_files: Iterable[Path]) -> HeldOut:
    """Collect ids, questions and contexts of the development files."""
    ids, questions, contexts = set(), set(), set()
    for path in qa_files:
        for example in read_examples(path):
            ids.add(f"{example.dataset}:{example.id}")
            questions.add(normalise(example.question))
            contexts.add(normalise(example.context))
    for path in question_files:
        for raw in read_jsonl(path):
            ids.add(str(raw["id"]))
            questions.add(normalise(raw["question"]))
    return HeldOut(frozenset(ids), frozenset(questions), frozenset(contexts))


def trim(context: str, start: int, end: int) -> tuple[int, int]:
    """Drop edge blanks, and the full stop that ends a clause of four words or more ("U.S." keeps its own)."""
    while start < end and context[start].isspace():
        start += 1
    while start < end and context[end - 1].isspace():
        end -= 1
    if len(context[start:end].split()) >= 4 and context[end - 1] in ".,;:":
        end -= 1
    return start, end


def cuts_number(context: str, start: int, end: int) -> bool:
    """Whether an edge falls inside a number ("2" of "280", "14" of "14,000"): a slip that must not be taught."""
    near = max(0, start - 20)
    numbers = [match.span() for match in _NUMBER.finditer(context, near, end + 20)]
    return any(left < edge < right for left, right in numbers for edge in (start, end))


def choose_span(example: Example) -> tuple[int, int]:
    """The gold span that agrees best with the other golds; the shortest on a tie (two golds always tie)."""

    def rank(answer: tuple[str, int]) -> tuple[float, int, int]:
        agreement = sum(f1(answer[0], other) for other, _ in example.answers)
        return (-round(agreement, 6), len(answer[0]), answer[1])

    text, start = min(example.answers, key=rank)
    return trim(example.context, start, start + len(text))


def select(
    examples: Iterable[Example], held_out: HeldOut, wanted: frozenset[str], seed: int
) -> tuple[list[Row], Counter[str]]:
    """The rows to train on, and counts "set: reason" of what was left out or kept."""
    rows: list[Row] = []
    counts: Counter[str] = Counter()
    for example in examples:
        reason = held_out.reason(example) if example.dataset in wanted else "set not used"
        start = end = -1
        if reason is None and example.answers:
            start, end = choose_span(example)
            reason = _degenerate(example, start, end, seed)
        counts[f"{example.dataset}: {reason or 'kept'}"] += 1
        if reason is None:
            golds = tuple(text for text, _ in example.answers)
            rows.append(Row(example.id, example.dataset, example.question, example.context, start, end, golds))
    return rows, counts


def _degenerate(example: Example, start: int, end: int, seed: int) -> str | None:
    """Empty after normalisation, half a number, or too long to be quoted."""
    text = example.context[start:end]
    if not normalise(text):
        return "empty answer"
    if cuts_number(example.context, start, end):
        return "answer cuts a number"
    if len(text.split()) > MAX_ANSWER_WORDS:
        draw = random.Random(f"{seed} {example.id}").random()
        if example.dataset != LONG_ANSWER_SET or draw >= LONG_ANSWER_SHARE:
            return "answer too long"
    return None
