"""The span reader on ONNX Runtime.

Every window is read alone, without padding. Dynamic int8 quantisation scales the activations over the whole batch, so
in a batch a passage's logits would depend on its neighbours; alone, a reading is a function of question and passage.
Windows run side by side on a few threads instead (ONNX Runtime releases the interpreter lock), passages where they are
read ahead (`qa.reading_ahead`), or one after the other where several questions are answered at once (`qa.in_flight`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from corpus.errors import ModelError
from corpus.types import Passage
from index.runtime import Stop, open_session
from qa.decoding import WindowLogits
from qa.enough import WAVE
from qa.in_flight import QUESTIONS
from qa.model_folder import BUNDLED, ModelFolder
from qa.reading_ahead import Ahead, OneByOne, Underway
from qa.types import Reading
from qa.windowed import Said, WindowedReading
from qa.windows import Window, WordPieces

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_SPANS = ["start_logits", "end_logits"]
_RELEVANCE = "relevance"


class OnnxReader:
    """Reads passages with an extractive BERT; thread-safe, deterministic."""

    def __init__(self, folder: ModelFolder, threads: int, candidates: int) -> None:
        self._folder = folder
        self._windowed = WindowedReading(WordPieces.load(folder.tokenizer), folder.windows, candidates)
        self._session = open_session(folder.model.read_bytes(), str(folder.model))
        given = {output.name for output in self._session.get_outputs()}
        if not given.issuperset(_SPANS) or {entry.name for entry in self._session.get_inputs()} != _INPUTS:
            raise ModelError(
                f"{folder.model} is no span reader; expected inputs {sorted(_INPUTS)} and outputs {_SPANS}"
            )
        self._outputs = [*_SPANS, _RELEVANCE] if _RELEVANCE in given else _SPANS
        self._threads = threads
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="reader")

    @classmethod
    def load(
        cls,
        directory: Path = BUNDLED,
        *,
        precision: str | None = None,
        threads: int | None = None,
        candidates: int = 5,
    ) -> Self:
        """Open the model in `directory`, hashes checked; raises ModelError.

        `precision` is one of `PRECISIONS` that the folder has, its default if None; `threads` are the cores at hand.
        """
        return cls(ModelFolder.open(directory, precision), threads or available_cores(), candidates)

    @property
    def fingerprint(self) -> str:
        """Names weights, precision, tokeniser and windows."""
        return self._folder.fingerprint

    @property
    def has_relevance(self) -> bool:
        """Whether readings carry a relevance."""
        return _RELEVANCE in self._outputs

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in the order given."""
        if QUESTIONS.several:
            return self._windowed.read(question, passages, lambda windows: map(self._run, windows))
        return self._windowed.read(question, passages, lambda windows: self._pool.map(self._run, windows))

    def begin(self, question: str, passages: Sequence[Passage]) -> Underway:
        """Read these passages as they are taken and, unless other questions want the cores, ahead of that."""
        if QUESTIONS.several:
            return OneByOne(self, question, passages)

        def read_one(passage: Passage, stop: Stop) -> Reading:
            run = partial(self._run, run_options=stop.run_options)
            return self._windowed.read(question, [passage], lambda windows: map(run, windows))[0]

        return Ahead(read_one, passages, self._pool, self._spare)

    def _spare(self) -> int:
        """How many passages may be read ahead: a wave, where cores are free for it."""
        return 0 if QUESTIONS.several or self._threads < WAVE else WAVE

    def _run(self, window: Window, run_options: object = None) -> Said:
        ids = window.input_ids[None, :]
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": window.token_types[None, :]}
        start, end, *more = self._session.run(self._outputs, feed, run_options)
        return WindowLogits(window, start[0], end[0]), float(more[0][0]) if more else None

    def close(self) -> None:
        """Let the threads go; a closed reader raises on use."""
        self._pool.shutdown(wait=True)


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
