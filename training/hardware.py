"""What the machine can do: device, number format, random state."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import torch

from training.config import Precision


def device() -> torch.device:
    """The GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def wants_bf16(precision: Precision, where: torch.device) -> bool:
    """`auto` takes bf16 only where the hardware multiplies it; elsewhere it is emulated and slower than fp32."""
    if precision != "auto":
        return precision == "bf16"
    if where.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported())


def autocast(precision: Precision, where: torch.device) -> AbstractContextManager[Any]:
    """The forward pass's number format; weights and optimiser stay fp32."""
    context: AbstractContextManager[Any] = torch.autocast(
        where.type, dtype=torch.bfloat16, enabled=wants_bf16(precision, where)
    )
    return context


def random_state() -> dict[str, torch.Tensor]:
    """Torch's generators (dropout seeds its own at each step; kept for whatever else draws from them)."""
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def restore_random_state(state: dict[str, torch.Tensor]) -> None:
    """Undo `random_state`."""
    torch.set_rng_state(state["cpu"].cpu())
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"].cpu())
