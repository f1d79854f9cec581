"""The soften step: a teacher, and perhaps a reader with it, read every window of a phase once; what they say is kept.

Kept in shards, each written whole, so that a stopped run goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import checkpoint, soft_labels, window_set
from training.config import Layout, Phase, TrainConfig
from training.hardware import device
from training.model import INPUTS, Outputs, Reader, load_weights, start_model
from training.smoothing import Inputs
from training.soft_labels import SoftLabels
from training.teacher import start_teacher
from training.teacher_int8 import OnnxReader, to_int8
from training.train_step import TOKENIZER
from training.window_set import Tensors, WindowSet
from training.windows import WindowMaker

SHARD, BATCH = 1024, 16
SAMPLES, SAMPLE_SEED = 60, 1
VERSION = 1
"""Of how labels are made; another makes the shards that stand worthless."""

Read = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], Outputs]
Judge = tuple[float, Read]
"""A share, and what gives `Outputs` for a batch."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Whose word is taken: a teacher's checkpoint, and a reader's for `reader_share` of it. Averaged weights if kept.

    `pretrained` is the folder that the teacher was trained on, `start` that of the reader, whose tokeniser cut the
    windows. With `int8`, the teacher reads in int8.
    """

    teacher: Path
    pretrained: Path
    start: Path
    reader: Path | None = None
    reader_share: float = 0.5
    int8: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.reader_share <= 1:
            raise ValueError(f"the reader's share must be from 0 to 1, not {self.reader_share}")

    def judges(self, folder: Path, samples: Sequence[Inputs]) -> tuple[list[Judge], str]:
        """The models with their shares, and a hash of all that decides what they say.

        `folder` is where a teacher in int8 is kept, `samples` are inputs that show how large its activations get.
        """
        model = start_teacher(self.pretrained, self.start / TOKENIZER, seed=0)
        decisive: list[object] = [VERSION, SHARD, self.int8, _take(model, self.teacher)]
        teacher: Read
        if self.int8:
            path = folder / f"teacher-{_hash(decisive)}.int8.onnx"
            if not path.exists():
                to_int8(model, path, samples)
            teacher = OnnxReader(path, torch.get_num_threads())
        else:
            teacher = _placed(model)
        if self.reader is None:
            return [(1.0, teacher)], _hash(decisive)
        reader = start_model(self.start, seed=0)
        decisive += [_take(reader, self.reader), self.reader_share]
        return [(1 - self.reader_share, teacher), (self.reader_share, _placed(reader))], _hash(decisive)


def _take(model: Reader, source: Path) -> str:
    """Load a checkpoint's weights; returns a hash of all that the model then holds."""
    state = checkpoint.load(source)
    load_weights(model, state["model"] | (state["average"] or {}))
    model.eval()
    held = hashlib.sha256()
    for name, values in (*model.named_parameters(), *model.named_buffers()):
        held.update(name.encode())
        held.update(values.detach().numpy().tobytes())
    return held.hexdigest()


def _placed(model: Reader) -> Read:
    """`model` on the GPU when there is one, for inputs and outputs that are not."""
    where = device()
    model.to(where)

    def read(*inputs: torch.Tensor) -> Outputs:
        start, end, relevance = model(*(values.to(where) for values in inputs))
        return start.cpu(), end.cpu(), relevance.cpu()

    return read


def _hash(decisive: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:16]


def soften(layout: Layout, phase: Phase, sources: Sources) -> dict[str, int]:
    """Write the soft labels of every pass of `phase`; returns the number of windows of each file."""
    torch.set_num_threads(TrainConfig(phase=phase).threads)
    pad = WindowMaker(sources.start / TOKENIZER).pad
    paths = sorted(layout.features(phase).glob("pass-*.npz"))
    if not paths:
        raise ValueError("there are no windows to read; run `python -m training features` first")
    models, judges = sources.judges(layout.features(phase), _samples(window_set.load(paths[0]), pad))
    made: dict[str, int] = {}
    for path in paths:
        windows, target = window_set.load(path), soft_labels.beside(path)
        _labels(windows, models, path.with_name(f"{target.stem}.{judges}"), pad, judges).save(target)
        made[target.name] = len(windows)
    return made


def _samples(windows: WindowSet, pad: int) -> list[Inputs]:
    """Inputs of some of the windows, each alone."""
    chosen = np.random.default_rng(SAMPLE_SEED).choice(len(windows), min(SAMPLES, len(windows)), replace=False)
    batches = (windows.batch(np.array([number]), pad) for number in chosen)
    return [{name: batch[name].numpy() for name in INPUTS} for batch in batches]


def _labels(windows: WindowSet, models: Sequence[Judge], folder: Path, pad: int, judges: str) -> SoftLabels:
    """Read the shards that `folder` lacks, in order of length to pad little, and put all together."""
    folder.mkdir(parents=True, exist_ok=True)
    order = np.argsort(windows.lengths, kind="stable")
    digest = windows.digest
    spans = np.zeros((len(windows.ids), 2), dtype=np.float16)
    relevance = np.zeros(len(windows), dtype=np.float16)
    for begin in range(0, len(order), SHARD):
        numbers, path = order[begin : begin + SHARD], folder / f"{begin:07d}.npz"
        if not path.exists() or soft_labels.load(path).windows != digest:
            SoftLabels(*_read(windows, numbers, models, pad), digest, judges).save(path)
        part = soft_labels.load(path)
        places = np.concatenate([np.arange(windows.offsets[at], windows.offsets[at + 1]) for at in numbers])
        spans[places], relevance[numbers] = part.spans, part.relevance
    return SoftLabels(spans, relevance, digest, judges)


def _read(
    windows: WindowSet, numbers: NDArray[np.int64], models: Sequence[Judge], pad: int
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """The labels of the numbered windows, one after the other, and their relevance."""
    spans, relevance = [], []
    for begin in range(0, len(numbers), BATCH):
        part = numbers[begin : begin + BATCH]
        both, relevant = judged(windows.batch(part, pad), models)
        spans += [both[row, : windows.lengths[number]].numpy() for row, number in enumerate(part)]
        relevance.append(relevant.numpy())
    return np.concatenate(spans).astype(np.float16), np.concatenate(relevance).astype(np.float16)


def judged(batch: Tensors, models: Sequence[Judge]) -> tuple[torch.Tensor, torch.Tensor]:
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
