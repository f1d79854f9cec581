"""The soften step: a teacher, and perhaps a reader with it, read every window of a phase once; what they say is kept.

Kept in shards, each written whole, so that a stopped run goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import checkpoint, soft_labels, window_set
from training.config import Layout, Phase, TrainConfig
from training.model import INPUTS, Reader, start_model
from training.soft_labels import SoftLabels
from training.teacher import start_teacher
from training.train_step import TOKENIZER
from training.window_set import Tensors, WindowSet
from training.windows import WindowMaker

SHARD, BATCH = 1024, 16


@dataclass(frozen=True, slots=True)
class Sources:
    """Whose word is taken: a teacher's checkpoint, and a reader's for `reader_share` of it. Averaged weights if kept.

    `pretrained` is the folder that the teacher was trained on, `start` that of the reader, whose tokeniser cut the
    windows.
    """

    teacher: Path
    pretrained: Path
    start: Path
    reader: Path | None = None
    reader_share: float = 0.5

    def models(self) -> tuple[list[tuple[float, Reader]], str]:
        """The models with their shares, and a name for this mixture."""
        teacher = start_teacher(self.pretrained, self.start / TOKENIZER, seed=0)
        identity = _take(teacher, self.teacher)
        if self.reader is None:
            return [(1.0, teacher)], identity
        reader = start_model(self.start, seed=0)
        return (
            [(1 - self.reader_share, teacher), (self.reader_share, reader)],
            f"{identity}-{_take(reader, self.reader)}-{self.reader_share}",
        )


def _take(model: Reader, source: Path) -> str:
    """Load a checkpoint's weights; returns the name of its run."""
    state = checkpoint.load(source)
    model.load_state_dict(state["model"] | (state["average"] or {}))
    model.eval()
    return f"{state['identity']}.{state['base_step'] + state['step']}"


def soften(layout: Layout, phase: Phase, sources: Sources) -> dict[str, int]:
    """Write the soft labels of every pass of `phase`; returns the number of windows of each file."""
    torch.set_num_threads(TrainConfig(phase=phase).threads)
    pad = WindowMaker(sources.start / TOKENIZER).pad
    models, identity = sources.models()
    made: dict[str, int] = {}
    for path in sorted(layout.features(phase).glob("pass-*.npz")):
        windows, target = window_set.load(path), soft_labels.beside(path)
        _labels(windows, models, path.with_name(f"{target.stem}.{identity}"), pad).save(target)
        made[target.name] = len(windows)
    return made


def _labels(windows: WindowSet, models: Sequence[tuple[float, Reader]], folder: Path, pad: int) -> SoftLabels:
    """Read the shards that `folder` lacks, in order of length to pad little, and put all together."""
    folder.mkdir(parents=True, exist_ok=True)
    order = np.argsort(windows.lengths, kind="stable")
    digest = windows.digest
    spans = np.zeros((len(windows.ids), 2), dtype=np.float16)
    relevance = np.zeros(len(windows), dtype=np.float16)
    for begin in range(0, len(order), SHARD):
        numbers, path = order[begin : begin + SHARD], folder / f"{begin:07d}.npz"
        if not path.exists() or soft_labels.load(path).windows != digest:
            _read(windows, numbers, models, pad, digest).save(path)
        part = soft_labels.load(path)
        places = np.concatenate([np.arange(windows.offsets[at], windows.offsets[at + 1]) for at in numbers])
        spans[places], relevance[numbers] = part.spans, part.relevance
    return SoftLabels(spans, relevance, digest)


def _read(
    windows: WindowSet, numbers: NDArray[np.int64], models: Sequence[tuple[float, Reader]], pad: int, digest: str
) -> SoftLabels:
    """The labels of the numbered windows, one after the other."""
    spans, relevance = [], []
    for begin in range(0, len(numbers), BATCH):
        part = numbers[begin : begin + BATCH]
        both, relevant = judged(windows.batch(part, pad), models)
        spans += [both[row, : windows.lengths[number]].numpy() for row, number in enumerate(part)]
        relevance.append(relevant.numpy())
    return SoftLabels(np.concatenate(spans).astype(np.float16), np.concatenate(relevance).astype(np.float16), digest)


def judged(batch: Tensors, models: Sequence[tuple[float, Reader]]) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean log probabilities of starts and ends, [windows, length, 2], 0 where none may be, and of relevance.

    Probabilities are over the places that a span may take; relevance, [windows], is the mean logit.
    """
    barred = ~batch["allowed"]
    spans = torch.zeros(*barred.shape, 2)
    relevance = torch.zeros(len(barred))
    with torch.inference_mode():
        for share, model in models:
            start, end, relevant = model(*(batch[name] for name in INPUTS))
            both = torch.stack([start, end], dim=-1).masked_fill(barred[..., None], -torch.inf)
            spans += share * torch.log_softmax(both, dim=1).masked_fill(barred[..., None], 0.0)
            relevance += share * relevant
    return spans, relevance
