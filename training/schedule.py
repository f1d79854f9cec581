"""The learning rate of a step: warm-up and a constant peak, then a decay that may begin at any checkpoint."""

from __future__ import annotations

import math

from training.config import TrainConfig


def learning_rate(config: TrainConfig, step: int) -> float:
    """Stable: linear warm-up to the peak. Decay: peak * (1 - sqrt(progress)) (Hägele et al. 2024, arXiv:2405.18392)."""
    if config.phase == "stable":
        return config.peak_lr * min(1.0, (step + 1) / max(1, config.warmup))
    return config.peak_lr * max(0.0, 1.0 - math.sqrt((step + 1) / config.decay_steps))
