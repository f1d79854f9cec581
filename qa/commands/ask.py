"""`citespan ask`: one question for a person or a program, or a file of them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from corpus.errors import UsageError
from qa.atomic import written_whole
from qa.engine_choice import asked_place
from qa.exhibits import exhibits_of
from qa.opening import open_pipeline, say_note
from qa.pipeline import Pipeline, checked_question
from qa.questions import QuestionRow, is_storable, read_questions
from qa.screen import Terminal
from qa.serialise import answer_to_json
from qa.terminal import draw_answer
from qa.types import Answer, Timings


def run(call: argparse.Namespace) -> int:
    """Answer what is asked; an abstention is an answer."""
    if call.questions is None:
        return _ask_one(call)
    return _ask_many(call)


def _ask_one(call: argparse.Namespace) -> int:
    if call.question is None:
        raise UsageError(
            'no question; ask as in: citespan ask "Who founded it?" --index DIR, or give --questions FILE.jsonl'
        )
    if call.out is not None:
        raise UsageError("--out goes with --questions FILE.jsonl; to keep one answer, redirect --json")
    if not is_storable(call.question):
        raise UsageError("the question is not valid UTF-8; set the terminal to UTF-8 and ask again")
    for one in [call.question, *call.previous]:
        checked_question(one)
    with open_pipeline(call, asked_place(call) or call.index) as pipeline:
        _warn(pipeline, call.target_error)
        answer = _put(pipeline, call.question, tuple(call.previous), call)
        if call.json:
            print(json.dumps(answer_to_json(answer, None), ensure_ascii=False))
        else:
            print(
                draw_answer(answer, exhibits_of(answer, pipeline.document), Terminal.here(colour=sys.stdout.isatty()))
            )
    return 0


def _ask_many(call: argparse.Namespace) -> int:
    """Answer a file of questions; the answers appear at --out all at once, in the order asked."""
    if call.question is not None:
        raise UsageError("a question and --questions together; give one of them")
    if call.previous:
        raise UsageError('--previous goes with one question; in a file of questions, each row has its own "previous"')
    if call.out is None:
        raise UsageError("--questions needs --out FILE for the answers")
    from tqdm import tqdm  # of no use to one question, which should not wait for it

    place = asked_place(call)
    rows = read_questions(call.questions)
    if _same_file(call.questions, call.out):
        raise UsageError(f"--out {call.out} is the file of the questions; name another")
    with open_pipeline(call, place or call.index) as pipeline, written_whole(call.out) as out:
        _warn(pipeline, call.target_error)
        for row in tqdm(rows, desc="asking", unit="question", disable=not sys.stderr.isatty()):
            answer = _answer(pipeline, row, call)
            out.write(json.dumps(answer_to_json(answer, row.id), ensure_ascii=False) + "\n")
    return 0


def _warn(pipeline: Pipeline, target_error: float | None) -> None:
    """Say on standard error that a target cannot be promised; the answers are as careful as can be all the same."""
    caveat = None if target_error is None else pipeline.caveat(target_error)
    if caveat is not None:
        say_note(caveat)


def _answer(pipeline: Pipeline, row: QuestionRow, call: argparse.Namespace) -> Answer:
    """Answer one row; a question that cannot be asked costs its own row, not the run."""
    try:
        for one in [row.question, *row.previous]:
            checked_question(one)
    except UsageError as error:
        return Answer(row.question, None, 0.0, (), (), str(error), Timings(0.0, 0.0, 0.0))
    return _put(pipeline, row.question, row.previous, call)


def _put(pipeline: Pipeline, question: str, previous: tuple[str, ...], call: argparse.Namespace) -> Answer:
    """Ask with what the call says of depth and care."""
    return pipeline.ask(question, top_k=call.top_k, target_error=call.target_error, previous=previous)


def _same_file(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)
