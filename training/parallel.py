"""Several processes on one step: each computes some of a batch's parts, all apply the same summed gradient.

Started by `python -m training train --processes N ...`, or by `torchrun`; without either, one process does all.
On CPU, one-threaded processes side by side train 1.4 times as many windows a second as one process on as many threads
(25 against 17 on two cores): nothing waits for the other half of each small multiplication.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import torch
import torch.distributed as dist


def leave() -> None:
    """Close what joined this process to the others of its run.

    Left to the interpreter's end, a thread of gloo's is sometimes still there, and the process aborts (13 of 80 that
    were tried) after all its work is done and saved.
    """
    if dist.is_initialized():
        dist.destroy_process_group()


class Workers:
    """This process among those of its run."""

    def __init__(self) -> None:
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        if self.count > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")

    @property
    def leads(self) -> bool:
        """Whether this process writes checkpoints and journal."""
        return self.rank == 0

    def sum(self, weights: Iterable[torch.Tensor], *more: torch.Tensor) -> None:
        """Add up, in place, the gradients of `weights` and the tensors of `more` over all processes.

        One message for all of it. With two processes the sum is bit for bit the one that a single process would
        accumulate: addition commutes.
        """
        if self.count == 1:
            return
        tensors = [self._gradient(weight) for weight in weights] + list(more)
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        dist.all_reduce(flat)
        for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))

    @staticmethod
    def _gradient(weight: torch.Tensor) -> torch.Tensor:
        """A process without a part (a short last batch) gives zeros."""
        if weight.grad is None:
            weight.grad = torch.zeros_like(weight)
        return weight.grad
