"""One set of weights out of several of one descent: the mean of what they hold.

Readers trained on from one another lie in one basin, where the mean is often better than each (model soups, Wortsman
et al. 2022, arXiv:2203.05482); it costs nothing when reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from training import checkpoint
from training.checkpoint import State


def blend(paths: Sequence[Path], shares: Sequence[float]) -> State:
    """A checkpoint of the weighted mean, the averaged weights taken where one has them; `shares` sum to 1.

    Raises ValueError where the shares do not fit the checkpoints, or these not each other.
    """
    if len(paths) != len(shares) or abs(sum(shares) - 1) > 1e-6 or min(shares) < 0:
        raise ValueError(f"{len(paths)} checkpoints need as many shares from 0 to 1 that sum to 1, got {list(shares)}")
    states = [checkpoint.load(path) for path in paths]
    weights = [state["model"] | (state["average"] or {}) for state in states]
    if any(one.keys() != weights[0].keys() for one in weights):
        raise ValueError(f"{paths[0]} and {paths[-1]} are not of one architecture")
    mean: dict[str, torch.Tensor] = {
        name: sum((share * one[name] for share, one in zip(shares, weights, strict=True)), torch.zeros_like(first))
        for name, first in weights[0].items()
    }
    return {
        **states[0],
        # The steps of the longest descent among them, which went through the others.
        "base_step": max(state["base_step"] + state["step"] for state in states),
        "step": 0,
        "identity": "+".join(f"{share:g}*{state['identity']}" for share, state in zip(shares, states, strict=True)),
        "model": mean,
        "average": None,
        "optimiser": None,
        "random": None,
    }
