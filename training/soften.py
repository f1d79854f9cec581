"""The soften step: a teacher reads every window of a phase once and what it says is kept.

Kept in shards, each written whole, so that a stopped run goes on where it was.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import checkpoint, soft_labels, window_set
from training.config import Layout, Phase, TrainConfig
from training.predict import Scorer
from training.soft_labels import SoftLabels
from training.teacher import start_teacher
from training.train_step import TOKENIZER, torch_scorer
from training.window_set import WindowSet
from training.windows import WindowMaker

SHARD, BATCH = 1024, 16


def soften(layout: Layout, phase: Phase, source: Path, teacher: Path, start: Path) -> dict[str, int]:
    """Write the soft labels of every pass of `phase`; returns the number of windows of each file.

    `source`: the teacher's checkpoint; its averaged weights are taken where it has them. `teacher`: the pretrained
    folder that it was trained on. `start`: that of the reader, whose tokeniser cut the windows.
    """
    torch.set_num_threads(TrainConfig(phase=phase).threads)
    state = checkpoint.load(source)
    pad = WindowMaker(start / TOKENIZER).pad
    model = start_teacher(teacher, start / TOKENIZER, seed=0)
    model.load_state_dict(state["model"] | (state["average"] or {}))
    scorer = torch_scorer(model, TrainConfig(phase=phase))
    made: dict[str, int] = {}
    for path in sorted(layout.features(phase).glob("pass-*.npz")):
        windows = window_set.load(path)
        target = soft_labels.beside(path)
        if not target.exists() or soft_labels.load(target).windows != windows.digest:
            _labels(windows, scorer, path.with_name(f"{target.stem}.{state['identity']}"), pad).save(target)
        made[target.name] = len(windows)
    return made


def _labels(windows: WindowSet, scorer: Scorer, folder: Path, pad: int) -> SoftLabels:
    """Read the shards that `folder` lacks, in order of length to pad little, and put all together."""
    folder.mkdir(parents=True, exist_ok=True)
    order = np.argsort(windows.lengths, kind="stable")
    digest = windows.digest
    spans = np.zeros((len(windows.ids), 2), dtype=np.float16)
    relevance = np.zeros(len(windows), dtype=np.float16)
    for begin in range(0, len(order), SHARD):
        numbers, path = order[begin : begin + SHARD], folder / f"{begin:07d}.npz"
        if not path.exists() or soft_labels.load(path).windows != digest:
            _read(windows, numbers, scorer, pad, digest).save(path)
        part = soft_labels.load(path)
        places = np.concatenate([np.arange(windows.offsets[at], windows.offsets[at + 1]) for at in numbers])
        spans[places], relevance[numbers] = part.spans, part.relevance
    return SoftLabels(spans, relevance, digest)


def _read(windows: WindowSet, numbers: NDArray[np.int64], scorer: Scorer, pad: int, digest: str) -> SoftLabels:
    """The labels of the numbered windows, one after the other."""
    spans, relevance = [], []
    for begin in range(0, len(numbers), BATCH):
        part = numbers[begin : begin + BATCH]
        batch = windows.batch(part, pad)
        names = ("input_ids", "attention_mask", "token_type_ids")
        start, end, relevant = scorer({name: batch[name].numpy() for name in names})
        if relevant is None:
            raise ValueError("a teacher without a relevance head cannot teach relevance")
        both = np.stack([start, end], axis=-1)
        spans += [both[row, : windows.lengths[number]] for row, number in enumerate(part)]
        relevance.append(relevant)
    return SoftLabels(np.concatenate(spans).astype(np.float16), np.concatenate(relevance).astype(np.float16), digest)
