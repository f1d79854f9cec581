"""Reading examples with any scorer (the trainer's model or an ONNX file): windows in, the best answer out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.decoding import Best, best_span
from training.records import Example
from training.windows import Encoded, Head, Window, WindowMaker

Inputs = dict[str, NDArray[np.int64]]
Scores = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32] | None]
Scorer = Callable[[Inputs], Scores]


OVERLAP, MAX_QUESTION, BATCH_SIZE = 96, 64, 16


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best non-null span of an example; `answerable` and `relevance` grow with the belief in one."""

    text: str
    score: float
    answerable: float
    relevance: float | None


def inputs(windows: Sequence[Window], pad: int) -> Inputs:
    """Padded model inputs."""
    shape = (len(windows), max(len(window.ids) for window in windows))
    ids = np.full(shape, pad, dtype=np.int64)
    mask, types = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for place, window in enumerate(windows):
        length = len(window.ids)
        ids[place, :length] = window.ids
        mask[place, :length] = 1
        types[place, window.passage_start - window.context : length] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def predict(examples: Sequence[Example], maker: WindowMaker, scorer: Scorer, max_length: int = 256) -> list[Prediction]:
    """One prediction an example. Windows are scored in order of length, to pad little."""
    contexts = maker.encode_all([example.context for example in examples])
    questions = [item.ids[:MAX_QUESTION] for item in maker.encode_all([example.question for example in examples])]
    jobs = [
        (place, window)
        for place, (question, context) in enumerate(zip(questions, contexts, strict=True))
        for window in maker.windows(Head(question), context.ids, max_length, OVERLAP)
    ]
    jobs.sort(key=lambda job: len(job[1].ids))
    found: list[list[tuple[Window, Best, float | None]]] = [[] for _ in examples]
    for begin in range(0, len(jobs), BATCH_SIZE):
        part = jobs[begin : begin + BATCH_SIZE]
        start, end, relevance = scorer(inputs([window for _, window in part], maker.pad))
        for at, (place, window) in enumerate(part):
            best = best_span(start[at], end[at], window.passage_start, len(window.ids) - 1)
            found[place].append((window, best, None if relevance is None else float(relevance[at])))
    return [_merge(example, context, parts) for example, context, parts in zip(examples, contexts, found, strict=True)]


def _merge(example: Example, context: Encoded, parts: Sequence[tuple[Window, Best, float | None]]) -> Prediction:
    """The best span over the windows; the answerability score is the best span's lead over its own window's null."""
    window, best, _ = max(parts, key=lambda part: part[1].score)
    shift = window.first - window.passage_start
    left, right = context.offsets[best.start + shift][0], context.offsets[best.end + shift][1]
    known = [value for _, _, value in parts if value is not None]
    return Prediction(
        text=example.context[left:right],
        score=best.score,
        answerable=max(part.score - part.null for _, part, _ in parts),
        relevance=max(known) if known else None,
    )
