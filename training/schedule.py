"""The learning rate of a step: warm-up and a constant peak, then a decay that may begin at any checkpoint."""

from __future__ import annotations

import math

from training.config import TrainConfig


def learning_rate(config: TrainConfig, step: int) -> float:
    """Linear warm-up to the peak, and, in the decay phase, times 1 - sqrt(progress).

    The decay's shape is that of Hägele et al. 2024, arXiv:2405.18392.
    """
    rising = config.peak_lr * min(1.0, (step + 1) / max(1, config.warmup))
    if config.phase == "stable":
        return rising
    return rising * max(0.0, 1.0 - math.sqrt((step + 1) / config.decay_steps))
