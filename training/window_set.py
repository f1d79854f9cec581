"""One pass's windows as flat arrays in a file, and padded batches out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import soft_labels
from training.features import Labelled
from training.soft_labels import SoftLabels

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class WindowSet:
    """`ids[offsets[i]:offsets[i+1]]` is window i; `targets` has the columns below."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    targets: NDArray[np.int32]
    """passage_start, start, end, relevance, row, context (tokens before the passage)"""
    soft: SoftLabels | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each window."""
        return np.diff(self.offsets)

    def batch(self, numbers: Sequence[int] | NDArray[np.int64], pad: int) -> Tensors:
        """Padded inputs and targets of the numbered windows."""
        lengths = self.lengths[numbers]
        shape = (len(numbers), int(lengths.max()))
        ids = np.full(shape, pad, dtype=np.int64)
        for place, number in enumerate(numbers):
            ids[place, : lengths[place]] = self.ids[self.offsets[number] : self.offsets[number + 1]]
        targets = self.targets[numbers].astype(np.int64)
        positions = np.arange(shape[1])[None, :]
        mask = positions < lengths[:, None]
        types = mask & (positions >= targets[:, :1] - targets[:, 5:])
        return self._soft(numbers, shape) | {
            "input_ids": torch.from_numpy(ids),
            "attention_mask": torch.from_numpy(mask.astype(np.int64)),
            "token_type_ids": torch.from_numpy(types.astype(np.int64)),
            "allowed": torch.from_numpy(_allowed(positions, targets[:, :1], lengths[:, None])),
            "start": torch.from_numpy(targets[:, 1]),
            "end": torch.from_numpy(targets[:, 2]),
            "relevance": torch.from_numpy(targets[:, 3]),
            "row": torch.from_numpy(targets[:, 4]),
        }

    def _soft(self, numbers: Sequence[int] | NDArray[np.int64], shape: tuple[int, int]) -> Tensors:
        """What the teacher says of the numbered windows, where it was asked."""
        if self.soft is None:
            return {}
        spans = np.zeros((*shape, 2), dtype=np.float32)
        for place, number in enumerate(numbers):
            spans[place, : self.lengths[number]] = self.soft.spans[self.offsets[number] : self.offsets[number + 1]]
        return {
            "soft_start": torch.from_numpy(spans[..., 0]),
            "soft_end": torch.from_numpy(spans[..., 1]),
            "soft_relevance": torch.from_numpy(self.soft.relevance[numbers].astype(np.float32)),
        }

    def save(self, path: Path) -> None:
        """Write whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        with temporary.open("wb") as out:
            np.savez(out, ids=self.ids, offsets=self.offsets, targets=self.targets)
        temporary.replace(path)

    @property
    def digest(self) -> str:
        """A short hash of the contents: a run resumes only over the windows that it began with."""
        state = hashlib.sha256()
        soft = () if self.soft is None else (self.soft.spans, self.soft.relevance)
        for array in (self.ids, self.offsets, self.targets, *soft):
            state.update(np.ascontiguousarray(array).data)
        return state.hexdigest()[:16]


def _allowed(positions: NDArray[np.int64], first: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a span may begin or end: position 0 (null) and the passage, without its closing [SEP]."""
    allowed: NDArray[np.bool_] = (positions == 0) | ((positions >= first) & (positions < lengths - 1))
    return allowed


def pack(items: Sequence[Labelled]) -> WindowSet:
    """Flatten labelled windows."""
    lengths = [len(item.window.ids) for item in items]
    return WindowSet(
        ids=np.array([token for item in items for token in item.window.ids], dtype=np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        targets=np.array(
            [
                (item.window.passage_start, item.start, item.end, item.relevance, item.row, item.window.context)
                for item in items
            ],
            dtype=np.int32,
        ).reshape(-1, 6),
    )


def load(path: Path, *, soft: bool = False) -> WindowSet:
    """Read a saved set, with its soft labels if asked.

    Raises ValueError when the soft labels are of other windows, or when there are none.
    """
    with np.load(path) as arrays:
        windows = WindowSet(arrays["ids"], arrays["offsets"], arrays["targets"])
    if not soft:
        return windows
    if not soft_labels.beside(path).exists():
        raise ValueError(f"{soft_labels.beside(path)} is missing; run `python -m training soften` first")
    labels = soft_labels.load(soft_labels.beside(path))
    if labels.windows != windows.digest:
        raise ValueError(f"{soft_labels.beside(path)} is of other windows; run `python -m training soften` again")
    return replace(windows, soft=labels)
